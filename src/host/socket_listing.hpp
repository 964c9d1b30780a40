#pragma once

#include "upstream_lint/facts.hpp"

#include <chrono>
#include <string>

namespace upstream_lint {

/// Takes down the sockets that wait for others as sock_diag(7) has them for the network namespace
/// of the calling thread. A part that failed has a Reading that is not complete.
/// Cost: three passes of the kernel over its sockets, one over the answers.
void list_sockets_by_netlink(NetworkNamespace& space, std::chrono::milliseconds deadline);

/// The same from the files of a folder (`/proc/812/net`), with less in them: no backlogs, no
/// IPV6_V6ONLY, no files of unix sockets. Parts that are complete already are left alone.
/// Cost: one pass over each file.
void list_sockets_by_files(NetworkNamespace& space, const std::string& folder);

/// The addresses of the calling thread's network namespace (getifaddrs(3)).
void list_addresses(NetworkNamespace& space);

/// Settings of the calling thread's network namespace, below /proc/sys/net.
void read_network_settings(NetworkNamespace& space, const std::string& proc);

} // namespace upstream_lint
