#pragma once

#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The directives that pass requests or connections on.
enum class PassKind : std::uint8_t {
    proxy,
    fastcgi,
    uwsgi,
    scgi,
    grpc,
    memcached,
    tunnel,
    stream_proxy, ///< `proxy_pass` of `stream`
};

/// A pass directive whose variables have been replaced.
struct Pass {
    PassKind kind = PassKind::proxy;
    std::string_view text;    ///< its value
    bool is_literal = true;   ///< no variable stood in it: nginx reads it when it loads
    DirectiveRef directive{}; ///< of peers that no `server` of a group stands for
};

/// Why nginx passes nothing on.
struct PassFailure {
    std::string message; ///< what it logs
    int status = 0;      ///< what it answers; of `stream` the session's `$status`

    friend bool operator==(const PassFailure&, const PassFailure&) = default;
};

/// Where a pass leads.
struct PassTarget {
    std::string scheme; ///< as it is written, up to `//`; what nginx takes where there is none
    bool uses_tls = false;
    Target target;
    std::vector<Peer> peers; ///< in the order of the group's lines
    std::string uri;         ///< of `proxy`: what stands behind the host; else empty
    std::string host_header; ///< of `proxy` and `grpc`: `$proxy_host`, and its like
    std::string port;        ///< of `proxy`: `$proxy_port`; empty for a unix socket
    UpstreamId upstream;     ///< none: the target is an address or a name to be looked up
    /// Only `resolver` can say what the name stands for: without one see `no_resolver`.
    bool needs_resolver = false;
    std::optional<PassFailure> failure; ///< then the rest says how far nginx came
};

/// Reads where a pass leads, and which peers stand there (src/http/modules/ngx_http_proxy_module.c,
/// ngx_http_proxy_eval and its like; src/http/ngx_http_upstream.c, ngx_http_upstream_init_request;
/// src/stream/ngx_stream_proxy_module.c, ngx_stream_proxy_handler).
[[nodiscard]] PassTarget find_target(const Model& model, const Pass& pass);

/// What becomes of a target that needs a resolver where none is defined.
[[nodiscard]] PassFailure no_resolver(const PassTarget& target, PassKind kind);

} // namespace upstream_lint
