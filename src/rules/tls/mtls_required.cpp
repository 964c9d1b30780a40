#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("`proxy_ssl_certificate` and `proxy_ssl_certificate_key` with a "
                                   "certificate that is trusted there");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::mtls_required = {
    .info =
        {.id = "mtls-required",
         .catalogue = "H07",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the other side wants a certificate of nginx, and gets none",
         .explanation =
             R"(nginx answers 502 and logs alert 40 in the handshake (TLS 1.2), or `tlsv13 alert certificate required:SSL
alert number 116` when it reads the answer (TLS 1.3).

It is proven by alert 116, and likely where a handshake with a request for a certificate is refused.

**Repair.** `proxy_ssl_certificate` and `proxy_ssl_certificate_key` with a certificate that the other side
trusts.

**Silent** without `--probe full`; where nginx has a certificate: the probe does not show it.
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
        "protocol": "TLSv1.3",
        "cipher": "TLS_AES_256_GCM_SHA384",
        "asks_for_certificate": true
      },
      "http": {
        "status": "ok",
        "source": "request",
        "request": "HEAD / HTTP/1.1",
        "host": "127.0.0.1:8443",
        "error": "SSL_read() failed (SSL: error:0A00045C:SSL routines::tlsv13 alert certificate required:SSL alert number 116)"
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
        "asks_for_certificate": true
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
