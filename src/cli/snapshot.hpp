#pragma once

#include "cli/options.hpp"

namespace upstream_lint::cli {

/// `snapshot`: the exit status.
[[nodiscard]] int run_snapshot(const Options& options);

} // namespace upstream_lint::cli
