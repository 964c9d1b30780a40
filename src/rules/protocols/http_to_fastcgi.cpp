#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("PHP-FPM speaks FastCGI: `fastcgi_pass`, with `SCRIPT_FILENAME` "
                                   "and its other parameters");
        finding.verify = request_command(connect);
    });
}

} // namespace

const Rule rules::http_to_fastcgi = {
    .info =
        {.id = "http-to-fastcgi",
         .catalogue = "I01",
         .group = RuleGroup::protocols,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx speaks HTTP to PHP-FPM",
         .explanation =
             R"(nginx answers 502 and logs `recv() failed (104: Connection reset by peer) while reading response header`, or
`upstream prematurely closed connection`.

It is proven by a request that got no answer from a listener that a pool of PHP-FPM has.

**Repair.** `fastcgi_pass` with `SCRIPT_FILENAME` and the other parameters; or the web server that belongs
in front of PHP-FPM.

**Silent** without `--probe full`; where no pool is known to listen there.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:9000;
        }
    }
}
)",
                 .facts = R"json({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "::1/128"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "php_fpm": {
    "pools": [
      {
        "file": "/etc/php/8.2/fpm/pool.d/www.conf",
        "name": "www",
        "listen": "127.0.0.1:9000"
      }
    ]
  },
  "probes": [
    {
      "target": "127.0.0.1:9000",
      "perspective": "1",
      "status": "ok",
      "source": "connect",
      "connect": {"ms": 0.2},
      "asked": {"protocol": "http", "http_version": "1.1", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD / HTTP/1.1",
        "host": "127.0.0.1:9000",
        "error": "recv() failed (104: Connection reset by peer)"
      }
    }
  ]
}
)json"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:9000;
        }
    }
}
)",
                  .facts = R"json({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "::1/128"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "target": "127.0.0.1:9000",
      "perspective": "1",
      "status": "ok",
      "source": "connect",
      "connect": {"ms": 0.2},
      "asked": {"protocol": "http", "http_version": "1.1", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD / HTTP/1.1",
        "host": "127.0.0.1:9000",
        "kind": "http",
        "code": 200,
        "line": "HTTP/1.1 200 OK",
        "ms": 2.5
      }
    }
  ]
}
)json"}},
    .check = check};

} // namespace upstream_lint
