#pragma once

#include "upstream_lint/config.hpp"
#include "upstream_lint/finding.hpp"

#include <vector>

namespace upstream_lint {

/// What nginx refuses of a configuration as findings, each once, and what could not be read as
/// unknown ones.
[[nodiscard]] std::vector<Finding> refusals_of(const Config& config);

} // namespace upstream_lint
