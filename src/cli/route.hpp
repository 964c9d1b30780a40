#pragma once

#include "cli/input.hpp"
#include "cli/options.hpp"
#include "upstream_lint/config.hpp"

namespace upstream_lint::cli {

/// Says where the requests go that the command line names; the exit status.
[[nodiscard]] int run_route(const Options& options, const Input& input, const Config& config);

} // namespace upstream_lint::cli
