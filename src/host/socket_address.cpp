#include "host/socket_address.hpp"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>

namespace upstream_lint {

std::optional<SocketAddress> from_system(const sockaddr* address) {
    if (address == nullptr)
        return std::nullopt;
    SocketAddress result;
    if (address->sa_family == AF_INET) {
        sockaddr_in inet{};
        std::memcpy(&inet, address, sizeof inet);
        result.family = AddressFamily::inet;
        result.port = ntohs(inet.sin_port);
        std::memcpy(result.bytes.data(), &inet.sin_addr, sizeof inet.sin_addr);
        return result;
    }
    if (address->sa_family == AF_INET6) {
        sockaddr_in6 inet6{};
        std::memcpy(&inet6, address, sizeof inet6);
        result.family = AddressFamily::inet6;
        result.port = ntohs(inet6.sin6_port);
        std::memcpy(result.bytes.data(), &inet6.sin6_addr, sizeof inet6.sin6_addr);
        return result;
    }
    return std::nullopt;
}

SystemAddress to_system(const SocketAddress& address) {
    SystemAddress result;
    if (address.family == AddressFamily::inet) {
        sockaddr_in inet{};
        inet.sin_family = AF_INET;
        inet.sin_port = htons(address.port);
        std::memcpy(&inet.sin_addr, address.bytes.data(), sizeof inet.sin_addr);
        std::memcpy(&result.storage, &inet, sizeof inet);
        result.size = sizeof inet;
    } else {
        sockaddr_in6 inet6{};
        inet6.sin6_family = AF_INET6;
        inet6.sin6_port = htons(address.port);
        std::memcpy(&inet6.sin6_addr, address.bytes.data(), sizeof inet6.sin6_addr);
        std::memcpy(&result.storage, &inet6, sizeof inet6);
        result.size = sizeof inet6;
    }
    return result;
}

} // namespace upstream_lint
