#pragma once

#include "rules/rule_context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace upstream_lint {

/// The place of a directive: its words, and how nginx's reader got there.
[[nodiscard]] FindingPlace place_of(const Model& model, DirectiveRef directive);

/// A finding of a rule without anything that is its own.
[[nodiscard]] Finding finding_of(const RuleInfo& info, Confidence confidence, std::string message);

/// The finding of a fault: message and evidence of its answers, every place that leads there, the
/// `server` lines of groups as labels. A fault that leaves its targets somebody to turn to is no
/// error.
[[nodiscard]] Finding finding_of(const RuleContext& context, const RuleInfo& info,
                                 const Fault& fault);

/// A finding about the targets that some questions are about, whether or not they answer: evidence
/// and places as above.
[[nodiscard]] Finding finding_of(const RuleContext& context, const RuleInfo& info,
                                 const Fault& questions, Confidence confidence,
                                 std::string message);

/// A question with the servers of targets that it is about, target by target.
[[nodiscard]] Fault question_of(const RuleContext& context, ProbeId probe);

/// The question that an answer of the judgement is to.
[[nodiscard]] const Probe& probe_of(const RuleContext& context, const ProbeAnswer& answer);

/// Adds an edge with the place of its directive, unless it is the last that was added.
void add_edge(Finding& finding, const RuleContext& context, GraphEdgeId edge);

/// Questions that have something in common, with the targets that ask them, in the order of the
/// plan. `common` says what it is; empty: the question is none of them. Cost: a step for each
/// question and each server of each target.
[[nodiscard]] std::vector<Fault>
group_questions(const RuleContext& context,
                const std::function<std::string(ProbeId, const ProbeAnswer&)>& common);

/// Adds a finding for each fault whose cause is the rule's. `finish` writes notes and commands.
void add_faults(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings,
                const std::function<void(Finding&, const ProbeAnswer&)>& finish);

} // namespace upstream_lint
