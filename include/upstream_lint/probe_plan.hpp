#pragma once

#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/probe.hpp"

namespace upstream_lint {

/// Peers that are `down` are asked for as far as nginx does: their names, when it loads. A name
/// that only `resolver` can say anything of has a question for each set of name servers that it is
/// asked from; without a resolver there is none. Of folders those that a location can need. `graph`
/// is of the model.
[[nodiscard]] ProbePlan plan_probes(const Model& model, const ResolutionGraph& graph);

/// Adds what nginx would say to each listener of `plan`, which is of the model and the graph: TLS
/// as the directives of the pass want it, a request that does no harm. What depends on a request is
/// that of an example that gets there, else left out. Cost: that of find_routes(), and a request to
/// the Router for each of its HTTP examples.
void plan_exchanges(ProbePlan& plan, const Model& model, const ResolutionGraph& graph,
                    const RouterOptions& options = {});

} // namespace upstream_lint
