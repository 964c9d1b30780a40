#pragma once

#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <string>

namespace upstream_lint {

inline constexpr std::size_t max_siblings = 1000;

/// What stands at `path` below `root` (empty: `/`; `/proc/812/root`), found as the kernel finds it
/// (Linux fs/namei.c): links are followed by hand, absolute ones from `root` on, at most 40.
/// Nothing but folders is opened; files are looked at without being opened (O_PATH).
/// The folder's other names are read when nothing, or no socket, is there.
/// Cost: linear in the components of the path and its links.
[[nodiscard]] PathFacts read_path(const std::string& root, const std::string& path);

} // namespace upstream_lint
