#pragma once

#include "cli/options.hpp"

namespace upstream_lint::cli {

/// `check`: the exit status.
[[nodiscard]] int run_check(const Options& options);

} // namespace upstream_lint::cli
