#pragma once

#include <cstdint>
#include <string>

namespace upstream_lint {

/// `4026531840` of a link `net:[4026531840]` (namespaces(7)); empty when it cannot be read.
[[nodiscard]] std::string namespace_id(const std::string& link);

/// The network namespace of a process. Where its link may not be read: this process's own when
/// both see the same socket (/proc/PID/net/unix; the inodes of sockets are those of the machine),
/// else `pid:812`, which stands for that process alone.
[[nodiscard]] std::string network_namespace_id(const std::string& proc, std::uint32_t pid);

/// The same for the mount namespace: this process's own when both have the same mounts
/// (/proc/PID/mountinfo; the ids of mounts are those of the machine).
[[nodiscard]] std::string mount_namespace_id(const std::string& proc, std::uint32_t pid);

/// The ids of this process itself.
[[nodiscard]] std::string own_network_namespace(const std::string& proc);
[[nodiscard]] std::string own_mount_namespace(const std::string& proc);

} // namespace upstream_lint
