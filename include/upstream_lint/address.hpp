#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace upstream_lint {

enum class AddressFamily : std::uint8_t { inet, inet6, unix_socket };

/// Where a socket is (nginx: struct sockaddr).
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

} // namespace upstream_lint
