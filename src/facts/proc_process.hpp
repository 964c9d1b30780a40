#pragma once

#include "facts/parsed.hpp"
#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Files of /proc/PID (proc(5)). Cost: one pass.
namespace upstream_lint {

/// `status`: the ids that files are judged by (`Uid` and `Gid`, the last of four), `Groups` and
/// `CapEff`. The label stands in another file.
[[nodiscard]] Parsed<Credentials> parse_proc_status(std::string_view text);

/// `stat`: when the process began, in clock ticks since the machine did (field 22).
[[nodiscard]] std::optional<std::uint64_t> parse_proc_stat_start(std::string_view text);

/// `cgroup`: the path in the unified hierarchy, or where there is none in that of systemd, or in
/// any. Empty: the text has none.
[[nodiscard]] std::string parse_proc_cgroup(std::string_view text);

/// Whose processes are in a control group.
struct CgroupOwner {
    std::string unit;          ///< the innermost service, or scope where there is none
    std::string container;     ///< 64 hexadecimal digits
    bool is_user_unit = false; ///< of a user's own systemd

    friend bool operator==(const CgroupOwner&, const CgroupOwner&) = default;
};

/// Knows the names that systemd, Docker, Podman, containerd and CRI-O give to groups. What is
/// inside of a container counts for nothing.
[[nodiscard]] CgroupOwner owner_of_cgroup(std::string_view path);

/// A line of `mountinfo`.
struct Mount {
    std::string point;
    std::string root; ///< what of the file system is mounted there
    std::string type;
    std::string source;

    friend bool operator==(const Mount&, const Mount&) = default;
};

/// In the order of mounting: of two at one place the later one is seen.
[[nodiscard]] Parsed<std::vector<Mount>> parse_mountinfo(std::string_view text);

} // namespace upstream_lint
