#pragma once

#include "rules/exchange_answer.hpp"
#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/probe.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What is known of a target: the worst that its requests meet.
struct TargetState {
    Verdict verdict = Verdict::unknown;
    std::string reason{};
    bool asks_for_connection = false;
};

/// Questions that have the same answer for the same reason.
struct Fault {
    /// A server of a target that one of the questions is about.
    struct Asker {
        GraphTargetId target;
        std::uint32_t peer = 0;
    };

    std::string_view cause;
    std::vector<ProbeId> probes; ///< in the order of the plan
    std::vector<Asker> askers;   ///< target by target
    /// Some target is left with nobody else to send its requests to.
    bool breaks_target = false;
};

/// The answers to a plan's questions, and what they mean for its targets.
struct Judgement {
    std::vector<ProbeAnswer> answers;      ///< by question of the plan
    std::vector<TargetState> targets;      ///< by target of the graph
    std::vector<Fault> faults;             ///< in the order of their first questions
    std::vector<ExchangeAnswer> exchanges; ///< by exchange of the plan

    [[nodiscard]] const ProbeAnswer& answer(ProbeId id) const { return answers[id.value]; }
};

/// A group is well while one of its servers that takes part answers; a backup takes part when no
/// other does, and one that is `down` never (ngx_http_upstream_round_robin.c). Cost: that of the
/// answers, and a step for each server of each target.
[[nodiscard]] Judgement judge(const ResolutionGraph& graph, const ProbePlan& plan,
                              const Perspective& perspective, const FactIndex& facts);

} // namespace upstream_lint
