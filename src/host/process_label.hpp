#pragma once

#include <string>
#include <string_view>

namespace upstream_lint {

/// What a process runs as by SELinux or AppArmor: `attr/current` of its folder in `proc`, else
/// `attr/apparmor/current`, which has it where several security modules are at work. `process` is
/// its number, or `self`. Empty: there is nothing, or it may not be read.
[[nodiscard]] std::string read_process_label(const std::string& proc, std::string_view process);

} // namespace upstream_lint
