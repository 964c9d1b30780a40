#pragma once

#include "facts/parsed.hpp"
#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

/// Sockets as the kernel lists them in /proc/net (proc(5); Linux: net/ipv4/tcp_ipv4.c,
/// net/ipv4/udp.c, net/unix/af_unix.c). Cost: one pass. Owners stay unknown.
namespace upstream_lint {

/// `tcp` or `tcp6`: the sockets that listen. The file does not tell how many connections may wait.
[[nodiscard]] Parsed<std::vector<InetSocket>> parse_proc_net_tcp(std::string_view text,
                                                                 AddressFamily family);

/// `udp` or `udp6`: the sockets that are connected to nobody.
[[nodiscard]] Parsed<std::vector<InetSocket>> parse_proc_net_udp(std::string_view text,
                                                                 AddressFamily family);

/// `unix`: the sockets with a name, without those that a listening one accepted, which have its
/// name too. A name with a line end in it is odd: the reading is partial then.
[[nodiscard]] Parsed<std::vector<UnixSocket>> parse_proc_net_unix(std::string_view text);

/// `unix`, or its beginning: the inodes of all sockets in it, those without names included. What is
/// cut off at the end is left out.
[[nodiscard]] std::vector<std::uint64_t> parse_unix_inodes(std::string_view text);

} // namespace upstream_lint
