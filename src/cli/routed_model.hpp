#pragma once

#include "cli/input.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"

#include <optional>

namespace upstream_lint::cli {

/// What a configuration means, for commands that find ways; where nobody can tell, what `test` says
/// of it is printed on standard error.
[[nodiscard]] std::optional<Model> routed_model(const Config& config);

/// Views the input.
[[nodiscard]] RouterOptions router_options(const Input& input);

} // namespace upstream_lint::cli
