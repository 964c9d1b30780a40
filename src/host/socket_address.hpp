#pragma once

#include "upstream_lint/address.hpp"

#include <optional>
#include <sys/socket.h>

namespace upstream_lint {

/// Of AF_INET and AF_INET6.
[[nodiscard]] std::optional<SocketAddress> from_system(const sockaddr* address);

/// The system's form, and how many bytes of it are used.
struct SystemAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const {
        return reinterpret_cast<const sockaddr*>(&storage); // NOLINT
    }
};

/// Of IPv4 and IPv6.
[[nodiscard]] SystemAddress to_system(const SocketAddress& address);

} // namespace upstream_lint
