#pragma once

#include "rules/rule_context.hpp"

#include <span>

namespace upstream_lint {

/// Every rule, in the order of all_rules().
[[nodiscard]] std::span<const Rule* const> registered_rules();

} // namespace upstream_lint
