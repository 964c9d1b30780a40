#pragma once

#include "cli/options.hpp"

namespace upstream_lint::cli {

/// `check`: the exit status.
[[nodiscard]] int run_check(const Options& options);

/// `snapshot`: the exit status.
[[nodiscard]] int run_snapshot(const Options& options);

/// `explain`: the exit status.
[[nodiscard]] int run_explain(const Options& options);

} // namespace upstream_lint::cli
