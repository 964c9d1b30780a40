#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("the log of the other side says why");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::tls_chain_reset = {
    .info =
        {.id = "tls-chain-reset",
         .catalogue = "H11",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::hint,
         .summary = "the other side hangs up in the handshake",
         .explanation =
             R"(nginx answers 502 and logs `peer closed connection in SSL handshake`. Some programs do so where they do not
like the name or the address, where they have no workers left, or where they speak something else.

It is a hint: why is not said.

**Repair.** The log of the other side tells.

**Silent** without `--probe full`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass https://127.0.0.1:8443;
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
      "asked": {
        "protocol": "http",
        "http_version": "1.1",
        "tls": {
          "server_name": "",
          "protocols": ["TLSv1.2", "TLSv1.3"],
          "ciphers": "DEFAULT",
          "alpn": "",
          "verify": false,
          "verified_name": "",
          "trusted_certificate": "",
          "crl": "",
          "verify_depth": 1,
          "client_certificate": false,
          "left_out": ""
        }
      },
      "tls": {
        "status": "ok",
        "source": "TLS handshake",
        "error": "peer closed connection in SSL handshake (104: Connection reset by peer)"
      },
      "http": {
        "status": "not_asked",
        "source": "request",
        "reason": "nothing is sent without a handshake"
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
            proxy_pass https://127.0.0.1:8443;
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
      "asked": {
        "protocol": "http",
        "http_version": "1.1",
        "tls": {
          "server_name": "",
          "protocols": ["TLSv1.2", "TLSv1.3"],
          "ciphers": "DEFAULT",
          "alpn": "",
          "verify": false,
          "verified_name": "",
          "trusted_certificate": "",
          "crl": "",
          "verify_depth": 1,
          "client_certificate": false,
          "left_out": ""
        }
      },
      "tls": {
        "status": "ok",
        "source": "TLS handshake",
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "asks_for_certificate": false
      },
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
