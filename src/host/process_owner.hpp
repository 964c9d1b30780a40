#pragma once

#include <cstdint>
#include <string>

namespace upstream_lint {

/// To what a process belongs (proc_pid_cgroup(5)).
struct ProcessOwner {
    std::string cgroup;
    std::string unit; ///< of the machine's systemd; empty for those of a user's own
    std::string container;
};

/// Everything is empty when it cannot be read.
[[nodiscard]] ProcessOwner read_process_owner(const std::string& proc, std::uint32_t pid);

} // namespace upstream_lint
