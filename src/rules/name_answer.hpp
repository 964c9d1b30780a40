#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/probe.hpp"

namespace upstream_lint {

/// Whether a name has an address at which somebody answers nginx. One address that answers is
/// enough: nginx goes on to the next. `probe` is of the kind `name` or `resolver_name`. Cost: that
/// of answer_listener() for each address.
[[nodiscard]] ProbeAnswer answer_name(const Probe& probe, const Perspective& perspective,
                                      const FactIndex& facts);

} // namespace upstream_lint
