#pragma once

#include "facts/parsed.hpp"
#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Answers of the kernel to dumps of sockets (sock_diag(7)): netlink messages one behind the other,
/// in the byte order of this machine, up to the one that ends the dump. Without that one, with an
/// error among them, or where sockets came and went meanwhile, the reading is partial. Owners stay
/// unknown. Cost: one pass.
namespace upstream_lint {

enum class DiagProtocol : std::uint8_t { tcp, udp };

/// What listens (TCP), or is connected to nobody (UDP). Layout: <linux/inet_diag.h>, struct
/// inet_diag_msg.
[[nodiscard]] Parsed<std::vector<InetSocket>>
parse_inet_diag(std::span<const std::uint8_t> messages, DiagProtocol protocol);

/// Sockets with a name, without those that a listening one accepted, which have its name too.
/// Layout: <linux/unix_diag.h>, struct unix_diag_msg. The device is as stat(2) gives it; of the
/// file's inode the kernel tells the lower 32 bits.
[[nodiscard]] Parsed<std::vector<UnixSocket>>
parse_unix_diag(std::span<const std::uint8_t> messages);

} // namespace upstream_lint
