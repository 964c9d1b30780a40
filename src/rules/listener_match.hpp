#pragma once

#include "upstream_lint/facts.hpp"

namespace upstream_lint {

/// 127.0.0.0/8 and ::1.
[[nodiscard]] bool is_loopback(const SocketAddress& address);

/// fe80::/10, which means nothing without an interface.
[[nodiscard]] bool is_link_local(const SocketAddress& address);

/// Where connections to an address end: those to `0.0.0.0` and `::` at the loopback interface
/// (ip_route_output_key_hash_rcu() and tcp_v6_connect() of Linux), those to an IPv4 address that is
/// written as an IPv6 one at that.
[[nodiscard]] SocketAddress contacted(SocketAddress address);

/// Ports left aside.
[[nodiscard]] bool is_same_host(const SocketAddress& a, const SocketAddress& b);

enum class Match { yes, no, unknown };

/// Whether a socket with the right port takes what is sent to an address (__inet_lookup_listener()
/// of Linux). `unknown` of an IPv6 one that may take IPv4, too.
[[nodiscard]] Match match(const InetSocket& socket, const SocketAddress& address);

} // namespace upstream_lint
