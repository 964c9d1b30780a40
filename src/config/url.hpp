#pragma once

#include "upstream_lint/address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// Addresses of directives (src/core/ngx_inet.c). Names of hosts are never looked up.

/// What ngx_parse_url is asked for.
struct UrlOptions {
    bool listen = false;   ///< a port alone, ranges of ports and `*` are allowed
    bool uri_part = false; ///< a URI may follow
    std::uint16_t default_port = 0;
};

/// What ngx_parse_url finds. The views are of the text.
struct Url {
    std::string_view error; ///< nginx's reason; empty when there is none
    std::string_view host;  ///< IPv6 with its brackets; of a unix socket the path
    std::string_view port_text;
    std::string_view uri;
    std::uint16_t port = 0;
    std::uint16_t last_port = 0; ///< of a range; else 0
    bool has_port = false;
    bool is_wildcard = false;
    /// The address, with the first port of a range. None when there is an error, or the host is a
    /// name that nginx would look up if it is to.
    std::optional<SocketAddress> address;
};

[[nodiscard]] Url parse_url(std::string_view text, const UrlOptions& options);

} // namespace upstream_lint
