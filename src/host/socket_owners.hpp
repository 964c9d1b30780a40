#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace upstream_lint {

/// Which processes hold some sockets.
struct SocketOwners {
    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    std::vector<SocketOwner> processes;
    /// Of each socket that is asked for: the place of its owner in `processes`, or nobody.
    std::unordered_map<std::uint64_t, std::size_t> by_inode;
    Reading reading;

    /// Null: nobody was found.
    [[nodiscard]] const SocketOwner* find(std::uint64_t inode) const;
};

/// Which processes hold the sockets with these inodes: the one with the smallest number, the first
/// process of all (which holds sockets for services that it starts) only when there is no other.
/// Cost: one link for each descriptor of each process, until all are found.
[[nodiscard]] SocketOwners find_socket_owners(const std::string& proc,
                                              std::span<const std::uint64_t> inodes,
                                              Clock::time_point end);

} // namespace upstream_lint
