#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace upstream_lint {

namespace {

/// Docker's name server beside others.
bool are_mixed(const Probe& probe) {
    const auto is_embedded = [](std::string_view resolver) {
        return name_server_kind(resolver) == NameServerKind::embedded;
    };
    return std::ranges::any_of(probe.resolvers, is_embedded) &&
           !std::ranges::all_of(probe.resolvers, is_embedded);
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    const Fault question = question_of(context, id);
    Finding finding = finding_of(context, info, question, Confidence::likely,
                                 fmt::format("not all of {} know the container {}",
                                             fmt::join(probe.resolvers, ", "), probe.subject));
    std::set<DirectiveRef> resolvers;
    for (const Fault::Asker& asker : question.askers) {
        const GraphTarget& target = context.graph.target(asker.target);
        for (const GraphEdgeId edge : target.edges) {
            resolvers.insert(resolver_at(context.model, target, context.graph.edge(edge)));
        }
    }
    for (const DirectiveRef directive : resolvers) {
        if (!directive.is_none()) {
            FindingPlace place = place_of(context.model, directive);
            finding.labels.push_back({.span = place.span,
                                      .text = "nginx asks them in turn",
                                      .inclusion = directive.inclusion,
                                      .trail = std::move(place.trail)});
        }
    }
    finding.notes.emplace_back("127.0.0.11 alone knows containers; the others say that there is no "
                               "such name, and nginx answers 502");
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        if (probe.kind == Probe::Kind::resolver_name && is_short_name(probe.subject) &&
            !is_local_name(probe.subject) && are_mixed(probe) &&
            context.judgement.answers[i].verdict != Verdict::violated) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::mixed_resolvers = {
    .info =
        {.id = "mixed-resolvers",
         .catalogue = "D07",
         .group = RuleGroup::names,
         .impact = Impact::med,
         .confidence = Confidence::likely,
         .summary = "a container is looked up by Docker's name server and others in turn",
         .explanation =
             R"(nginx asks the name servers of `resolver` in turn. 127.0.0.11 knows containers, the others do
not: now and then nginx answers 502 and logs `app could not be resolved (3: Host not found)`.

It is likely where a name of one label is looked up.

**Repair.** `resolver 127.0.0.11;` alone: it passes on what it does not know. nginx has to be reloaded.

**Silent** where no such name is looked up; about several name servers without Docker's.
)",
         .bad = {.conf = R"(events { }
http {
    resolver 127.0.0.11 8.8.8.8;
    server {
        listen 80;
        location / {
            set $backend app;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                 .facts = ""},
         .good = {.conf = R"(events { }
http {
    resolver 127.0.0.11;
    server {
        listen 80;
        location / {
            set $backend app;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
