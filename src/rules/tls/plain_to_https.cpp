#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("write `https://`, with `proxy_ssl_server_name on;` where "
                                   "several names are served there");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::plain_to_https = {
    .info =
        {.id = "plain-to-https",
         .catalogue = "H02",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx speaks plain HTTP to somebody who speaks TLS",
         .explanation =
             R"(nginx answers 502 and logs `upstream sent no valid HTTP/1.0 header`, or `recv() failed (104: Connection
reset by peer)`. nginx and Apache as the other side answer 400 by themselves: `The plain HTTP request was
sent to HTTPS port`.

It is proven by the first bytes that came back: those of TLS.

**Repair.** `https://`, with `proxy_ssl_server_name on;` where the other side serves several names.

**Silent** without `--probe full`; about an answer 400, which other things cause, too.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:8443;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8443}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "target": "127.0.0.1:8443",
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
        "host": "127.0.0.1:8443",
        "kind": "tls",
        "error": "upstream sent no valid HTTP/1.0 header",
        "ms": 1.5
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
            proxy_pass http://127.0.0.1:8443;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8443}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "target": "127.0.0.1:8443",
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
        "host": "127.0.0.1:8443",
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
