#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("write `proxy_pass http://...`, or the address of PHP-FPM");
        finding.verify = request_command(connect);
    });
}

} // namespace

const Rule rules::fastcgi_to_http = {
    .info =
        {.id = "fastcgi-to-http",
         .catalogue = "I02",
         .group = RuleGroup::protocols,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx speaks FastCGI to a server of HTTP",
         .explanation =
             R"(nginx answers 502 and logs `upstream sent unsupported FastCGI protocol version: 72`, the letter H of an answer
in HTTP; where the other side waits for more it is 504.

It is proven by what came back: a status line of HTTP.

**Repair.** `proxy_pass http://` instead of `fastcgi_pass`, or the address of PHP-FPM.

**Silent** without `--probe full`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass 127.0.0.1:8080;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8080}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "target": "127.0.0.1:8080",
      "perspective": "1",
      "status": "ok",
      "source": "connect",
      "connect": {"ms": 0.2},
      "asked": {"protocol": "fastcgi", "http_version": "", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD /ping",
        "kind": "http",
        "code": 400,
        "line": "HTTP/1.1 400 Bad Request",
        "error": "upstream sent unsupported FastCGI protocol version: 72"
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
            fastcgi_pass 127.0.0.1:8080;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8080}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "target": "127.0.0.1:8080",
      "perspective": "1",
      "status": "ok",
      "source": "connect",
      "connect": {"ms": 0.2},
      "asked": {"protocol": "fastcgi", "http_version": "", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD /ping",
        "kind": "fastcgi",
        "code": 404,
        "line": "Status: 404 Not Found"
      }
    }
  ]
}
)json"}},
    .check = check};

} // namespace upstream_lint
