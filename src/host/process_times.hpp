#pragma once

#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// When this machine started: `btime` of proc_stat(5).
[[nodiscard]] std::optional<UnixTime> boot_time(const std::string& proc);

/// The moment that field 22 of proc_pid_stat(5) stands for, clock ticks after the start.
[[nodiscard]] UnixTime time_after_boot(UnixTime booted_at, std::uint64_t ticks);

/// The process that made one, from its proc_pid_stat(5), field 4.
[[nodiscard]] std::optional<std::uint32_t> parent_of(std::string_view stat);

} // namespace upstream_lint
