#pragma once

#include "upstream_lint/result.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace upstream_lint {

/// Which sockets a dump is to have.
struct SocketDump {
    int family = 0;   ///< AF_INET, AF_INET6, AF_UNIX
    int protocol = 0; ///< IPPROTO_TCP, IPPROTO_UDP; of unix sockets 0
};

struct DumpedSockets {
    /// struct nlmsghdr and payload, one behind the other, up to the one that ends the dump.
    std::vector<std::uint8_t> messages;
    bool is_consistent = true; ///< nothing changed while the kernel wrote them
};

/// Asks the kernel for the sockets of the calling thread's network namespace that wait for others:
/// listeners, and sockets without a peer (sock_diag(7)). Error ENOSYS where this build has no
/// netlink.
/// Cost: one pass of the kernel over its sockets.
[[nodiscard]] Result<DumpedSockets> dump_sockets(const SocketDump& wanted,
                                                 std::chrono::milliseconds deadline);

} // namespace upstream_lint
