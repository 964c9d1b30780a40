#pragma once

#include "upstream_lint/facts.hpp"

namespace upstream_lint {

/// The symbolic link that leads nowhere, of a path at which nothing is: what is missing belongs to
/// what the link says, not to what is asked for behind it. Null: there is none. Cost: a step for
/// each part of the path, and for each part of the links on it.
[[nodiscard]] const PathComponent* find_dangling_link(const PathFacts& path);

} // namespace upstream_lint
