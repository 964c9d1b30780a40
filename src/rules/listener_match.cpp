#include "rules/listener_match.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace upstream_lint {

namespace {

SocketAddress loopback(AddressFamily family, std::uint16_t port) {
    SocketAddress address{.family = family, .port = port};
    if (family == AddressFamily::inet) {
        address.bytes[0] = 127;
        address.bytes[3] = 1;
    } else {
        address.bytes[15] = 1;
    }
    return address;
}

SocketAddress mapped_ipv4(const SocketAddress& address) {
    SocketAddress ipv4{.family = AddressFamily::inet, .port = address.port};
    std::copy(address.bytes.begin() + 12, address.bytes.end(), ipv4.bytes.begin());
    return ipv4;
}

} // namespace

bool is_loopback(const SocketAddress& address) {
    return address.family == AddressFamily::inet
               ? address.bytes[0] == 127
               : is_same_host(address, loopback(AddressFamily::inet6, 0));
}

bool is_link_local(const SocketAddress& address) {
    return address.family == AddressFamily::inet6 && address.bytes[0] == 0xfe &&
           (address.bytes[1] & 0xc0U) == 0x80;
}

SocketAddress contacted(SocketAddress address) {
    if (address.family == AddressFamily::inet6 && is_mapped_ipv4(address)) {
        address = mapped_ipv4(address);
    }
    return address.is_wildcard() ? loopback(address.family, address.port) : address;
}

bool is_same_host(const SocketAddress& a, const SocketAddress& b) {
    return a.family == b.family && a.bytes == b.bytes;
}

Match match(const InetSocket& socket, const SocketAddress& address) {
    const SocketAddress& own = socket.address;
    if (own.family == address.family) {
        return own.is_wildcard() || is_same_host(own, address) ? Match::yes : Match::no;
    }
    if (own.family != AddressFamily::inet6) {
        return Match::no;
    }
    if (is_mapped_ipv4(own)) {
        const SocketAddress ipv4 = mapped_ipv4(own);
        return ipv4.is_wildcard() || is_same_host(ipv4, address) ? Match::yes : Match::no;
    }
    if (!own.is_wildcard()) {
        return Match::no;
    }
    return !socket.v6only ? Match::unknown : *socket.v6only ? Match::no : Match::yes;
}

} // namespace upstream_lint
