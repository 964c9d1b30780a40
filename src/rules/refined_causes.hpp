#pragma once

#include "rules/judgement.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"

namespace upstream_lint {

/// Gives faults another cause where what they break decides what there is to say: copies of
/// requests that `mirror` sends (no client is told), name servers. Names that nginx looks up when
/// it loads stay what they are. Cost: for each server with a fault that of InternalWays.
void refine_causes(Judgement& judgement, const Model& model, const ResolutionGraph& graph);

} // namespace upstream_lint
