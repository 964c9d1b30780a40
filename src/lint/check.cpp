#include "facts/time_text.hpp"
#include "lint/coverage.hpp"
#include "lint/refusal.hpp"
#include "rules/fault_finding.hpp"
#include "rules/refined_causes.hpp"
#include "rules/registry.hpp"
#include "rules/rule_context.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/probe_plan.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

constexpr std::size_t max_urls = 5;

std::string_view kind_name(Target::Kind kind) {
    switch (kind) {
    case Target::Kind::tcp:
        return "tcp";
    case Target::Kind::unix_socket:
        return "unix";
    case Target::Kind::upstream:
        return "upstream";
    case Target::Kind::dynamic:
        break;
    }
    return "dynamic";
}

std::vector<Finding> run_rules(const RuleContext& context) {
    std::vector<Finding> findings;
    for (const Rule* const rule : registered_rules()) {
        if (rule->check != nullptr) {
            rule->check(context, rule->info, findings);
        }
    }
    return findings;
}

void sort_findings(std::vector<Finding>& findings) {
    const auto key = [](const Finding& finding) {
        const Span span = finding.places.empty() ? Span() : finding.places.front().span;
        return std::tuple(span, finding.rule);
    };
    std::ranges::stable_sort(findings,
                             [&](const Finding& a, const Finding& b) { return key(a) < key(b); });
}

/// The URLs that reach the ways of each edge.
std::multimap<std::uint32_t, std::string>
urls_by_edge(const Model& model, const ResolutionGraph& graph, const RouterOptions& options) {
    std::multimap<DirectiveRef, std::uint32_t> edges;
    for (std::uint32_t i = 0; i < graph.edges.size(); ++i) {
        edges.emplace(graph.edges[i].directive, i);
    }
    std::multimap<std::uint32_t, std::string> urls;
    RouteListOptions list_options;
    list_options.router = options;
    const RouteList list = find_routes(model, list_options);
    for (const Route& route : list.routes) {
        if (!route.example) {
            continue;
        }
        const auto [begin, end] = edges.equal_range(route.pass);
        for (auto edge = begin; edge != end; ++edge) {
            urls.emplace(edge->second, route.example->request.url);
        }
    }
    return urls;
}

void add_urls(std::vector<Finding>& findings, const Model& model, const ResolutionGraph& graph,
              const RouterOptions& options) {
    const auto has_edges = [](const Finding& finding) { return !finding.edges.empty(); };
    if (std::ranges::none_of(findings, has_edges)) {
        return;
    }
    const auto urls = urls_by_edge(model, graph, options);
    for (Finding& finding : findings) {
        for (const std::uint32_t edge : finding.edges) {
            const auto [begin, end] = urls.equal_range(edge);
            for (auto url = begin; url != end && finding.urls.size() < max_urls; ++url) {
                if (std::ranges::find(finding.urls, url->second) == finding.urls.end()) {
                    finding.urls.push_back(url->second);
                }
            }
        }
    }
}

void add_evidence(std::vector<Evidence>& all, const ProbeAnswer& answer) {
    all.insert(all.end(), answer.evidence.begin(), answer.evidence.end());
}

TargetVerdict target_verdict(const RuleContext& context, GraphTargetId id) {
    const GraphTarget& target = context.graph.target(id);
    const TargetState& state = context.judgement.targets[id.value];
    TargetVerdict verdict{.target = target.target.text,
                          .kind = std::string(kind_name(target.target.kind)),
                          .verdict = state.verdict,
                          .reason = state.reason,
                          .facts = {},
                          .places = {}};
    for (const ProbePlan::Need& need : context.plan.needs[id.value]) {
        add_evidence(verdict.facts, context.judgement.answer(need.probe));
    }
    for (const GraphEdgeId edge : target.edges) {
        verdict.places.push_back(place_of(context.model, context.graph.edge(edge).directive));
    }
    return verdict;
}

void add_targets(Report& report, const RuleContext& context) {
    for (std::uint32_t i = 0; i < context.graph.targets.size(); ++i) {
        report.targets.push_back(target_verdict(context, {i}));
        report.left_to_probes += context.judgement.targets[i].asks_for_connection ? 1U : 0U;
    }
}

bool has_exchanges(const Snapshot& facts) {
    return std::ranges::any_of(
        facts.connects, [](const ConnectFacts& connect) { return connect.exchange.has_value(); });
}

void set_times(Report& report, const std::string& time) {
    const auto set = [&](std::vector<Evidence>& evidence) {
        for (Evidence& one : evidence) {
            one.time = time;
        }
    };
    for (Finding& finding : report.findings) {
        set(finding.evidence);
    }
    for (TargetVerdict& target : report.targets) {
        set(target.facts);
    }
}

} // namespace

CheckPlan plan_check(const Model& model, const RouterOptions& options, bool with_exchanges) {
    CheckPlan plan{.graph = build_graph(model, options), .probes = {}};
    plan.probes = plan_probes(model, plan.graph);
    if (with_exchanges) {
        plan_exchanges(plan.probes, model, plan.graph, options);
    }
    return plan;
}

Report check(const Model& model, const CheckPlan& plan, const Snapshot& facts,
             const CheckOptions& options) {
    const FactIndex index(facts);
    const Perspective perspective = find_perspective(model, index, options.master_pid);
    ProbePlan with_exchanges;
    const bool lacks_exchanges = plan.probes.exchanges.empty() && has_exchanges(facts);
    if (lacks_exchanges) {
        with_exchanges = plan.probes;
        plan_exchanges(with_exchanges, model, plan.graph, options.router);
    }
    const ProbePlan& probes = lacks_exchanges ? with_exchanges : plan.probes;
    Judgement judgement = judge(plan.graph, probes, perspective, index);
    refine_causes(judgement, model, plan.graph);
    const RuleContext context{.model = model,
                              .graph = plan.graph,
                              .plan = probes,
                              .facts = index,
                              .perspective = perspective,
                              .judgement = judgement};
    Report report;
    report.findings = run_rules(context);
    add_urls(report.findings, model, plan.graph, options.router);
    sort_findings(report.findings);
    add_targets(report, context);
    report.coverage = coverage_of(perspective, facts);
    if (facts.captured_at != 0) {
        set_times(report, rfc3339_text(facts.captured_at));
    }
    return report;
}

Report check_unread(const Config& config) {
    Report report;
    report.findings = refusals_of(config);
    return report;
}

} // namespace upstream_lint
