#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("write the address of the program that is meant; what is no "
                                   "HTTP belongs behind `stream`");
        finding.verify = fmt::format("curl -sv --max-time 5 telnet://{}", connect.target);
    });
}

} // namespace

const Rule rules::non_http_service = {
    .info =
        {.id = "non-http-service",
         .catalogue = "I08",
         .group = RuleGroup::protocols,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "who answers does not speak HTTP at all",
         .explanation =
             R"(nginx answers 502 and logs `upstream sent no valid HTTP/1.0 header`: a database, a mail server, SSH.

It is proven by the first bytes that came back.

**Repair.** The address of the program that is meant. What is no HTTP belongs behind `stream`.

**Silent** without `--probe full`; where the other side says nothing before it is spoken to properly.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:8080;
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
      "asked": {"protocol": "http", "http_version": "1.1", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD / HTTP/1.1",
        "host": "127.0.0.1:8080",
        "kind": "other",
        "line": "SSH-2.0-OpenSSH_9.2p1",
        "error": "upstream sent no valid HTTP/1.0 header"
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
            proxy_pass http://127.0.0.1:8080;
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
      "asked": {"protocol": "http", "http_version": "1.1", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD / HTTP/1.1",
        "host": "127.0.0.1:8080",
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
