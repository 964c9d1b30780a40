#pragma once

#include "upstream_lint/address.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// Internet and unix addresses as text (src/core/ngx_inet.c). Names of hosts are never looked up.

/// Four numbers and three dots; `255.255.255.255` is none (ngx_inet_addr).
[[nodiscard]] std::optional<SocketAddress> parse_ipv4(std::string_view text);
/// Without brackets (ngx_inet6_addr).
[[nodiscard]] std::optional<SocketAddress> parse_ipv6(std::string_view text);
/// Either of them (ngx_parse_addr).
[[nodiscard]] std::optional<SocketAddress> parse_address(std::string_view text);
/// The same with or without a port, 0 when there is none; IPv6 with a port stands in brackets
/// (ngx_parse_addr_port).
[[nodiscard]] std::optional<SocketAddress> parse_address_and_port(std::string_view text);

/// A network (ngx_ptocidr).
struct Cidr {
    SocketAddress address;     ///< without the bits that the mask takes away
    unsigned length = 0;       ///< bits of the mask
    bool has_low_bits = false; ///< the mask took bits away: `low address bits of X are meaningless`
};

[[nodiscard]] std::optional<Cidr> parse_cidr(std::string_view text);

/// `::ffff:127.0.0.1` (IN6_IS_ADDR_V4MAPPED).
[[nodiscard]] bool is_mapped_ipv4(const SocketAddress& address);

/// An IPv4 address may be written as an IPv6 one.
[[nodiscard]] bool is_in_network(const SocketAddress& address, const Cidr& network);

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
