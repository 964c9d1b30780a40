#pragma once

#include "cli/input.hpp"
#include "cli/options.hpp"
#include "upstream_lint/config.hpp"

namespace upstream_lint::cli {

/// Lists the ways that the configuration has. Ends the process once it has; else the exit status.
[[nodiscard]] int run_routes(const Options& options, const Input& input, const Config& config);

} // namespace upstream_lint::cli
