#pragma once

#include "rules/fact_index.hpp"
#include "rules/judgement.hpp"
#include "rules/perspective.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/probe.hpp"
#include "upstream_lint/rule.hpp"

#include <vector>

namespace upstream_lint {

/// All that a rule may look at; everything outlives it.
struct RuleContext {
    const Model& model;
    const ResolutionGraph& graph;
    const ProbePlan& plan;
    const FactIndex& facts;
    const Perspective& perspective;
    const Judgement& judgement;

    [[nodiscard]] const Snapshot& snapshot() const { return facts.snapshot(); }
};

/// A rule: what it is about, and the function that adds its findings. It has no state and touches
/// nothing but its arguments.
struct Rule {
    RuleInfo info;
    void (*check)(const RuleContext& context, const RuleInfo& info,
                  std::vector<Finding>& findings) = nullptr;
};

} // namespace upstream_lint
