#pragma once

#include "cli/options.hpp"

namespace upstream_lint::cli {

/// `explain`: the exit status.
[[nodiscard]] int run_explain(const Options& options);

} // namespace upstream_lint::cli
