#pragma once

#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/probe.hpp"

namespace upstream_lint {

/// Peers that are `down` are asked for as far as nginx does: their names, when it loads. A name
/// that only `resolver` can say anything of has a question for each set of name servers that it is
/// asked from; without a resolver there is none. `graph` is of the model.
[[nodiscard]] ProbePlan plan_probes(const Model& model, const ResolutionGraph& graph);

} // namespace upstream_lint
