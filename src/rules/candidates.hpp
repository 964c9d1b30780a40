#pragma once

#include "upstream_lint/finding.hpp"

#include <string>
#include <vector>

namespace upstream_lint {

/// Adds a note that asks whether one of these was meant; none where there are none.
void add_candidates(Finding& finding, const std::vector<std::string>& candidates);

} // namespace upstream_lint
