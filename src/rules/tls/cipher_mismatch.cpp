#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back(
            "`proxy_ssl_ciphers` with one that is spoken there, or stronger keys there");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::cipher_mismatch = {
    .info =
        {.id = "cipher-mismatch",
         .catalogue = "H09",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx and the other side have no cipher in common, or its keys are too weak",
         .explanation =
             R"(nginx answers 502 and logs `dh key too small`, or alert 40, which says no more than that there is nothing
in common.

It is proven by what OpenSSL says of weak keys in a handshake with nginx's own settings. Alert 40 makes it
likely where `proxy_ssl_ciphers` is set, and is a hint where nginx names a host and no certificate is
asked for.

**Repair.** Stronger keys at the other side; `proxy_ssl_ciphers` with one that it has.

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
        "error": "SSL_do_handshake() failed (SSL: error:0A00018A:SSL routines::dh key too small)"
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
