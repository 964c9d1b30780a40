#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/finding.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/probe.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>

namespace upstream_lint {

struct CheckOptions {
    /// The instance whose configuration it is; 0: the only one of the facts.
    std::uint32_t master_pid = 0;
    RouterOptions router; ///< for the URLs that a finding breaks
};

/// What a configuration leads to, and what would have to be true of it.
struct CheckPlan {
    ResolutionGraph graph;
    ProbePlan probes;
};

/// Cost: that of build_graph(); with exchanges also that of plan_exchanges().
[[nodiscard]] CheckPlan plan_check(const Model& model, const RouterOptions& options = {},
                                   bool with_exchanges = false);

/// Compares a configuration with the facts of a host: every rule, once. The facts that `plan` asks
/// for and that are not there leave their targets unknown; exchanges that are there are looked at
/// whether or not `plan` has them. Never throws for anything in the model
/// or in the facts. Cost: a search for each question, a few passes over the targets, and for a
/// configuration with findings that of find_routes().
[[nodiscard]] Report check(const Model& model, const CheckPlan& plan, const Snapshot& facts,
                           const CheckOptions& options = {});

/// What there is to say of a configuration that nginx refuses or that could not be read: no target
/// is known.
[[nodiscard]] Report check_unread(const Config& config);

} // namespace upstream_lint
