#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace upstream_lint {

struct SocketOwners {
    std::unordered_map<std::uint64_t, SocketOwner> by_inode;
    Reading reading;
};

/// Which processes hold the sockets with these inodes: the one with the smallest number, the first
/// process of all (which holds sockets for services that it starts) only when there is no other.
/// Cost: one link for each descriptor of each process, until all are found.
[[nodiscard]] SocketOwners find_socket_owners(const std::string& proc,
                                              const std::unordered_set<std::uint64_t>& inodes,
                                              Clock::time_point end);

} // namespace upstream_lint
