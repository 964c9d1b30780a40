#pragma once

#include "resolve/builtin_variables.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What a session of `stream` has besides the addresses.
struct StreamConnection {
    bool is_datagram = false;
    bool has_proxy_protocol = false; ///< the client's address stands in front of the data
    bool is_handshaked = false;      ///< nginx itself speaks TLS
    bool is_preread = false;         ///< `ssl_preread` has read the client's handshake
    std::optional<std::string> sni;  ///< the name that the client asks for; none: it names none
};

/// A variable of `stream` that a session decides; null for all others
/// (src/stream/ngx_stream_variables.c, src/stream/ngx_stream_ssl_preread_module.c).
[[nodiscard]] const BuiltinVariable* find_stream_variable(std::string_view name);

} // namespace upstream_lint
