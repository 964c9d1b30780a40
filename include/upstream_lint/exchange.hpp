#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {

/// How nginx speaks TLS to an upstream: `proxy_ssl_*`, `grpc_ssl_*`, `uwsgi_ssl_*`
/// (src/http/modules/ngx_http_proxy_module.c, ngx_http_proxy_set_ssl). Keys are never in it.
struct UpstreamTls {
    std::string server_name;            ///< that nginx asks for (SNI); empty: it names none
    std::vector<std::string> protocols; ///< `TLSv1.2`, from the oldest
    std::string ciphers;                ///< as OpenSSL writes them
    std::string alpn;                   ///< `h2`; empty: nginx offers nothing
    bool verify = false;
    std::string verified_name;       ///< that the certificate has to be for; empty without `verify`
    std::string trusted_certificate; ///< a file of nginx's mount namespace, likewise
    std::string crl;                 ///< likewise; empty: none
    std::uint32_t verify_depth = 1;
    /// nginx shows a certificate of its own, which this project never does: its key is a secret.
    bool has_client_certificate = false;
    /// Why nobody can say what nginx sends before it has a request; then no handshake is tried.
    /// Empty: all is known.
    std::string left_out;

    friend auto operator<=>(const UpstreamTls&, const UpstreamTls&) = default;
};

/// What nginx says on a connection to an upstream, up to the first answer.
struct Exchange {
    enum class Protocol : std::uint8_t {
        none,  ///< nothing that may be asked: bytes of clients, uwsgi, SCGI, memcached
        http,  ///< HTTP/1.0 or 1.1
        http2, ///< its preface: gRPC, and `proxy_http_version 2`
        fastcgi,
    };

    Protocol protocol = Protocol::none;
    std::string http_version; ///< of `http`: `1.0`, `1.1`
    std::optional<UpstreamTls> tls;

    friend auto operator<=>(const Exchange&, const Exchange&) = default;
};

} // namespace upstream_lint
