#include "config/ascii.hpp"
#include "config/suggestion.hpp"
#include "config/url.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view digits = "0123456789";

/// `app1` and `app2` are two names, not one with a mistake.
bool differ_by_number(std::string_view a, std::string_view b) {
    const auto letters = [](std::string_view text) {
        std::string result(text);
        std::erase_if(result, [](char c) { return digits.find(c) != std::string_view::npos; });
        return result;
    };
    return a != b && letters(a) == letters(b);
}

bool is_nearly(std::string_view name, std::string_view known) {
    constexpr std::size_t short_name = 6;
    const std::size_t most = name.size() < short_name ? 1 : 2;
    return !differ_by_number(name, known) && edit_distance(name, known, most) <= most;
}

struct Meant {
    const Upstream* upstream = nullptr;
    bool is_elsewhere = false; ///< in the other of `http` and `stream`
};

Meant meant_by(const Model& model, std::string_view name, Protocol protocol) {
    Meant nearest;
    for (const Upstream& upstream : model.upstreams()) {
        if (upstream.is_implied) {
            continue;
        }
        const std::string known = lower(upstream.name);
        if (upstream.protocol == protocol && is_nearly(name, known)) {
            return {.upstream = &upstream};
        }
        if (upstream.protocol != protocol && known == name) {
            nearest = {.upstream = &upstream, .is_elsewhere = true};
        }
    }
    return nearest;
}

/// A group's name takes no port, so one that is written says that no group is meant.
bool has_written_port(const RuleContext& context, const GraphTarget& target) {
    return std::ranges::any_of(target.edges, [&](GraphEdgeId id) {
        const GraphEdge& edge = context.graph.edge(id);
        const auto words = context.model.words(edge.directive);
        const std::size_t scheme = words[1].find("://");
        const std::string_view host =
            std::string_view(words[1]).substr(scheme == std::string::npos ? 0 : scheme + 3);
        return edge.kind != GraphEdge::Kind::proxy ||
               host.substr(0, host.find('/')).find(':') != std::string_view::npos;
    });
}

void add(const RuleContext& context, const RuleInfo& info, GraphTargetId id, std::string_view name,
         const Meant& meant, std::vector<Finding>& findings) {
    const GraphTarget& target = context.graph.target(id);
    Finding finding = finding_of(
        info, Confidence::likely,
        meant.is_elsewhere
            ? fmt::format("`upstream {}` is not in this block, so {} is looked up as a host",
                          meant.upstream->name, name)
            : fmt::format("no `upstream` is called {}, so it is looked up as a host; there is one "
                          "called {}",
                          name, meant.upstream->name));
    for (const GraphEdgeId edge : target.edges) {
        add_edge(finding, context, edge);
    }
    FindingPlace place = place_of(context.model, meant.upstream->directive);
    finding.labels.push_back({.span = place.span,
                              .text = "the group that may be meant",
                              .inclusion = meant.upstream->directive.inclusion,
                              .trail = std::move(place.trail)});
    finding.notes.emplace_back(target.resolved == Peer::Resolved::load
                                   ? "nginx does not start when nobody knows the name"
                                   : "nginx answers 502 when no name server knows the name");
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (std::uint32_t i = 0; i < context.graph.targets.size(); ++i) {
        const GraphTarget& target = context.graph.targets[i];
        if (target.target.kind != Target::Kind::tcp || !target.upstream.is_none() ||
            has_written_port(context, target)) {
            continue;
        }
        const Url url = parse_url(target.target.text, {});
        const auto& needs = context.plan.needs[i];
        const bool is_known = std::ranges::any_of(needs, [&](const ProbePlan::Need& need) {
            const ProbeAnswer& answer = context.judgement.answer(need.probe);
            return answer.verdict != Verdict::unknown || !answer.addresses.empty();
        });
        if (url.address || is_known || url.host.find('.') != std::string_view::npos) {
            continue;
        }
        const std::string name = lower(url.host);
        if (const Meant meant = meant_by(context.model, name, Protocol::http);
            meant.upstream != nullptr) {
            add(context, info, {i}, name, meant, findings);
        }
    }
}

} // namespace

const Rule rules::undefined_upstream_name = {
    .info = {.id = "undefined-upstream-name",
             .catalogue = "A07",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::likely,
             .summary = "a target has almost the name of a group, and is looked up as a host",
             .explanation =
                 R"(A name that no `upstream` of the same block has is one of a host. nginx looks it
up when it loads and does not start where nobody knows it (`[emerg] host not found in upstream "NAME"`),
or looks it up for each request where it stands in a variable, and answers 502.

It is likely where one or two letters tell it from the name of a group, or where the group is one of
`stream` and the target one of `http`.

**Repair.** Write both names alike, or include the file that has the group.

**Silent** where a port is written, which the name of a group does not take; where numbers alone make the
difference; about names with dots; where the name was looked up: then it is known, or
`host-not-found-at-load` and its like tell of it.
)",
             .bad = {.conf = R"(events { }
http {
    upstream shop_app {
        server 127.0.0.1:3000;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://shop-app;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    upstream shop_app {
        server 127.0.0.1:3000;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://shop_app;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
