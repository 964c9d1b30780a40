#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("`proxy_ssl_protocols` with a version that is spoken there");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::protocol_version = {
    .info =
        {.id = "protocol-version",
         .catalogue = "H08",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx and the other side have no version of TLS in common",
         .explanation =
             R"(nginx answers 502 and logs `tlsv1 alert protocol version:SSL alert number 70`, or `unsupported protocol` where
OpenSSL itself refuses what the other side offers.

It is proven by a handshake with nginx's own `proxy_ssl_protocols`. Without that directive nginx offers
TLS 1.0 to 1.2 before 1.23.4, TLS 1.3 as well from there on, and TLS 1.2 and 1.3 alone from 1.27.3 on.

**Repair.** `proxy_ssl_protocols` with a version that the other side has; an old program wants an update.

**Silent** without `--probe full`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass https://127.0.0.1:8443;
            proxy_ssl_protocols TLSv1.2;
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
          "protocols": ["TLSv1.2"],
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
        "error": "SSL_do_handshake() failed (SSL: error:0A00042E:SSL routines::tlsv1 alert protocol version:SSL alert number 70)"
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
            proxy_ssl_protocols TLSv1.2;
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
          "protocols": ["TLSv1.2"],
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
        "protocol": "TLSv1.2",
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
