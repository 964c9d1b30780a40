#pragma once

#include "rules/perspective.hpp"
#include "upstream_lint/facts.hpp"
#include "upstream_lint/finding.hpp"

#include <vector>

namespace upstream_lint {

/// How well each source of facts was read, as far as nginx is concerned. Sources that nobody asked
/// are left out.
[[nodiscard]] std::vector<Coverage> coverage_of(const Perspective& perspective,
                                                const Snapshot& facts);

} // namespace upstream_lint
