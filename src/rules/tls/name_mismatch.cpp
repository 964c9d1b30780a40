#include "rules/exchange_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_exchange_faults(context, info, findings, [](Finding& finding, const ConnectFacts& connect) {
        finding.notes.emplace_back("`proxy_ssl_name` with a name that stands in the certificate");
        finding.verify = handshake_command(connect);
    });
}

} // namespace

const Rule rules::name_mismatch = {
    .info =
        {.id = "name-mismatch",
         .catalogue = "H06",
         .group = RuleGroup::tls,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the other side's certificate is for another name",
         .explanation =
             R"(nginx answers 502 and logs `upstream SSL certificate does not match "app.example"`. The name is that of
`proxy_ssl_name`, else the host of `proxy_pass`: with a group that of the group.

It is proven by a handshake that was verified.

**Repair.** `proxy_ssl_name` with a name that stands in the certificate.

**Silent** without `--probe full`, and without `proxy_ssl_verify`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass https://127.0.0.1:8443;
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate /etc/nginx/ca.pem;
            proxy_ssl_name app.example;
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
          "verify": true,
          "verified_name": "app.example",
          "trusted_certificate": "/etc/nginx/ca.pem",
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
        "asks_for_certificate": false,
        "verify_error": "upstream SSL certificate does not match \"app.example\"",
        "verify_code": 0,
        "certificate": {"names": ["other.example"]}
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
            proxy_ssl_verify on;
            proxy_ssl_trusted_certificate /etc/nginx/ca.pem;
            proxy_ssl_name app.example;
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
          "verify": true,
          "verified_name": "app.example",
          "trusted_certificate": "/etc/nginx/ca.pem",
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
        "asks_for_certificate": false,
        "verify_code": 0,
        "certificate": {"names": ["app.example"]}
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
