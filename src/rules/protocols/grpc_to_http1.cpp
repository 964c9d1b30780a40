#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back(
            "write `proxy_pass http://...`, or the port at which it speaks HTTP/2");
        finding.verify = request_command(connect);
    });
}

} // namespace

const Rule rules::grpc_to_http1 = {
    .info =
        {.id = "grpc-to-http1",
         .catalogue = "I05",
         .group = RuleGroup::protocols,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx speaks HTTP/2 to a server of HTTP/1",
         .explanation =
             R"(nginx answers 502 and logs `upstream sent too large http2 frame: 4740180`, the letters HTT of an answer in
HTTP/1.

It is proven by what came back to the preface of HTTP/2: a status line.

**Repair.** `proxy_pass` instead of `grpc_pass`, or the port at which the program speaks HTTP/2.

**Silent** without `--probe full`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            grpc_pass grpc://127.0.0.1:8080;
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
      "asked": {"protocol": "http2", "http_version": "", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "preface",
        "kind": "http",
        "code": 400,
        "line": "HTTP/1.1 400 Bad Request",
        "error": "upstream sent too large http2 frame: 4740180"
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
            grpc_pass grpc://127.0.0.1:8080;
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
      "asked": {"protocol": "http2", "http_version": "", "tls": null},
      "tls": null,
      "http": {
        "status": "ok",
        "source": "request",
        "request": "preface",
        "kind": "http2"
      }
    }
  ]
}
)json"}},
    .check = check};

} // namespace upstream_lint
