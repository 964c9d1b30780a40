#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back(
            "gRPC wants `grpc_pass`; from 1.29.4 on there is `proxy_http_version 2`");
        finding.verify = request_command(connect);
    });
}

} // namespace

const Rule rules::http1_to_h2c = {
    .info =
        {.id = "http1-to-h2c",
         .catalogue = "I06",
         .group = RuleGroup::protocols,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx speaks HTTP/1 to a server that speaks HTTP/2 alone",
         .explanation =
             R"(nginx logs `upstream sent no valid HTTP/1.0 header`; a client gets 502, or bytes that are no answer.

It is proven by what came back: a frame of HTTP/2.

**Repair.** `grpc_pass` for gRPC; `proxy_http_version 2` where nginx has it (1.29.4 and later); or let the
program speak HTTP/1.1, too.

**Silent** without `--probe full`.
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
        "kind": "http2",
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
