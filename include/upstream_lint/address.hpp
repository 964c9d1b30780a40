#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

enum class AddressFamily : std::uint8_t { inet, inet6, unix_socket };

/// Where a socket is (nginx: struct sockaddr). Text is read and written as src/core/ngx_inet.c
/// does.
struct SocketAddress {
    AddressFamily family = AddressFamily::inet;
    std::array<std::uint8_t, 16> bytes{}; ///< the first four of them for IPv4
    std::uint16_t port = 0;               ///< 0 for a unix socket
    std::string_view path{};              ///< of a unix socket; text of whoever made this

    /// `0.0.0.0` and `::` (ngx_inet_wildcard).
    [[nodiscard]] bool is_wildcard() const noexcept {
        return family != AddressFamily::unix_socket && bytes == std::array<std::uint8_t, 16>{};
    }

    [[nodiscard]] friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;
};

/// As nginx prints it, without the port: `127.0.0.1`, `::1`, `unix:/path` (ngx_inet_ntop).
[[nodiscard]] std::string address_text(const SocketAddress& address);
/// With the port: `127.0.0.1:80`, `[::1]:80`, `unix:/path` (ngx_sock_ntop).
[[nodiscard]] std::string socket_text(const SocketAddress& address);

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

    friend bool operator==(const Cidr&, const Cidr&) = default;
};

[[nodiscard]] std::optional<Cidr> parse_cidr(std::string_view text);

/// `::ffff:127.0.0.1` (IN6_IS_ADDR_V4MAPPED).
[[nodiscard]] bool is_mapped_ipv4(const SocketAddress& address);

/// An IPv4 address may be written as an IPv6 one.
[[nodiscard]] bool is_in_network(const SocketAddress& address, const Cidr& network);

} // namespace upstream_lint
