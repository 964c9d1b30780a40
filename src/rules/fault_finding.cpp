#include "rules/fault_finding.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::size_t max_shown_subjects = 5;

/// nginx takes port 80 there.
bool names_no_port(const RuleContext& context, const GraphTarget& target, const Peer& peer) {
    if (target.upstream.is_none()) {
        return false;
    }
    const auto& servers = context.model.upstream(target.upstream).servers;
    const auto server = std::ranges::find(servers, peer.directive, &UpstreamServer::directive);
    return server != servers.end() && peer.address == fmt::format("{}:80", server->address);
}

/// What leads to a target, each place once, in the order of the configuration.
void add_places(Finding& finding, const RuleContext& context, const Fault& fault) {
    std::set<DirectiveRef> seen;
    std::set<Span> labelled;
    GraphTargetId last;
    for (const Fault::Asker& asker : fault.askers) {
        const GraphTarget& target = context.graph.target(asker.target);
        for (const GraphEdgeId edge : target.edges) {
            if (asker.target == last) {
                break;
            }
            const DirectiveRef directive = context.graph.edge(edge).directive;
            finding.edges.push_back(edge.value);
            if (seen.insert(directive).second) {
                finding.places.push_back(place_of(context.model, directive));
            }
        }
        last = asker.target;
        const DirectiveRef server = target.peers[asker.peer].directive;
        if (server.is_none() || seen.contains(server)) {
            continue;
        }
        FindingPlace place = place_of(context.model, server);
        if (labelled.insert(place.span).second) {
            finding.labels.push_back(
                {.span = place.span,
                 .text = names_no_port(context, target, target.peers[asker.peer])
                             ? "the server that is meant; without a port it is 80"
                             : "the server that is meant",
                 .inclusion = server.inclusion,
                 .trail = std::move(place.trail)});
        }
    }
    std::ranges::sort(finding.places, {}, &FindingPlace::span);
    std::ranges::sort(finding.edges);
    finding.edges.erase(std::unique(finding.edges.begin(), finding.edges.end()),
                        finding.edges.end());
}

std::string message_of(const RuleContext& context, const Fault& fault) {
    const ProbeAnswer& first = context.judgement.answer(fault.probes.front());
    if (fault.probes.size() == 1) {
        return first.reason;
    }
    std::string others;
    for (std::size_t i = 1; i < std::min(fault.probes.size(), max_shown_subjects); ++i) {
        others += ", " + context.judgement.answer(fault.probes[i]).subject;
    }
    return fmt::format("{}; the same for {}{}", first.reason, others.substr(2),
                       fault.probes.size() > max_shown_subjects
                           ? fmt::format(" and {} more", fault.probes.size() - max_shown_subjects)
                           : "");
}

} // namespace

FindingPlace place_of(const Model& model, DirectiveRef directive) {
    const Config& config = model.config();
    const Inclusion& inclusion = config.inclusion(directive.inclusion);
    return {config.words_span(inclusion.file, directive.node), config.trail(directive.inclusion)};
}

Finding finding_of(const RuleInfo& info, Confidence confidence, std::string message) {
    Finding finding;
    finding.rule = info.id;
    finding.confidence = std::min(confidence, info.confidence);
    finding.severity = severity_of(info.impact, finding.confidence);
    finding.message = std::move(message);
    return finding;
}

Finding finding_of(const RuleContext& context, const RuleInfo& info, const Fault& questions,
                   Confidence confidence, std::string message) {
    Finding finding = finding_of(info, confidence, std::move(message));
    for (const ProbeId probe : questions.probes) {
        const auto& evidence = context.judgement.answer(probe).evidence;
        finding.evidence.insert(finding.evidence.end(), evidence.begin(), evidence.end());
    }
    add_places(finding, context, questions);
    return finding;
}

Finding finding_of(const RuleContext& context, const RuleInfo& info, const Fault& fault) {
    const ProbeAnswer& first = context.judgement.answer(fault.probes.front());
    Finding finding =
        finding_of(context, info, fault, first.confidence, message_of(context, fault));
    if (!fault.breaks_target) {
        finding.severity = std::min(finding.severity, Severity::warning);
        finding.notes.emplace_back("other servers of the group take its requests");
    }
    return finding;
}

Fault question_of(const RuleContext& context, ProbeId probe) {
    Fault question{.cause = {}, .probes = {probe}, .askers = {}};
    for (std::uint32_t i = 0; i < context.plan.needs.size(); ++i) {
        for (const ProbePlan::Need& need : context.plan.needs[i]) {
            if (need.probe == probe) {
                question.askers.push_back({.target = {i}, .peer = need.peer});
            }
        }
    }
    return question;
}

const Probe& probe_of(const RuleContext& context, const ProbeAnswer& answer) {
    const auto index = static_cast<std::size_t>(&answer - context.judgement.answers.data());
    return context.plan.probes[index];
}

void add_edge(Finding& finding, const RuleContext& context, GraphEdgeId edge) {
    finding.edges.push_back(edge.value);
    FindingPlace place = place_of(context.model, context.graph.edge(edge).directive);
    if (finding.places.empty() || finding.places.back() != place) {
        finding.places.push_back(std::move(place));
    }
}

std::vector<Fault>
group_questions(const RuleContext& context,
                const std::function<std::string(ProbeId, const ProbeAnswer&)>& common) {
    std::vector<Fault> groups;
    std::map<std::string, std::size_t> known;
    std::map<ProbeId, std::size_t> group_of;
    for (std::uint32_t i = 0; i < context.judgement.answers.size(); ++i) {
        std::string key = common({i}, context.judgement.answers[i]);
        if (key.empty()) {
            continue;
        }
        const auto [found, is_new] = known.try_emplace(std::move(key), groups.size());
        if (is_new) {
            groups.emplace_back();
        }
        groups[found->second].probes.push_back({i});
        group_of.emplace(ProbeId{i}, found->second);
    }
    for (std::uint32_t i = 0; i < context.plan.needs.size(); ++i) {
        for (const ProbePlan::Need& need : context.plan.needs[i]) {
            if (const auto found = group_of.find(need.probe); found != group_of.end()) {
                groups[found->second].askers.push_back({{i}, need.peer});
            }
        }
    }
    return groups;
}

void add_faults(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings,
                const std::function<void(Finding&, const ProbeAnswer&)>& finish) {
    for (const Fault& fault : context.judgement.faults) {
        if (fault.cause != info.id || fault.askers.empty()) {
            continue;
        }
        Finding finding = finding_of(context, info, fault);
        finish(finding, context.judgement.answer(fault.probes.front()));
        findings.push_back(std::move(finding));
    }
}

} // namespace upstream_lint
