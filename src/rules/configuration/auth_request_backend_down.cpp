#include "resolve/inherited_setting.hpp"
#include "resolve/internal_ways.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <set>

namespace upstream_lint {

namespace {

constexpr std::string_view auth_request = "auth_request";

class Dependents {
public:
    explicit Dependents(const RuleContext& context) : context_(context), regexes_(context.model) {}

    /// The `auth_request` directives that lead to a location.
    [[nodiscard]] std::vector<InternalWay> asking(LocationId location) {
        const ServerId server = context_.model.location(location).server;
        std::unique_ptr<InternalWays>& ways = ways_[server];
        if (ways == nullptr) {
            ways = std::make_unique<InternalWays>(context_.model, regexes_, server);
        }
        std::vector<InternalWay> asking;
        std::ranges::copy_if(ways->to(location), std::back_inserter(asking),
                             [](const InternalWay& way) { return way.name == auth_request; });
        return asking;
    }

private:
    const RuleContext& context_;
    LocationRegexes regexes_;
    std::map<ServerId, std::unique_ptr<InternalWays>> ways_;
};

/// All that it leads to is known not to answer.
bool is_down(const RuleContext& context, const GraphEdge& edge) {
    return !edge.ways.empty() && edge.failures.empty() &&
           std::ranges::all_of(edge.ways, [&](const GraphEdge::Way& way) {
               return context.judgement.targets[way.target.value].verdict == Verdict::violated;
           });
}

/// `if` and `limit_except` are parts of the location around them.
LocationId location_of(const Model& model, LocationId level) {
    while (!level.is_none() && (model.location(level).kind == Location::Kind::if_block ||
                                model.location(level).kind == Location::Kind::limit_except)) {
        level = model.location(level).parent;
    }
    return level;
}

/// The ways of all locations that ask there first.
void add_dependent_edges(Finding& finding, const RuleContext& context,
                         const std::set<DirectiveRef>& asking) {
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const LocationId level = context.graph.edges[i].level;
        const Setting* const setting = find_inherited_setting(context.model, level, auth_request);
        if (setting != nullptr && asking.contains(setting->directive)) {
            finding.edges.push_back(i);
        }
    }
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    Dependents dependents(context);
    for (const GraphEdge& edge : context.graph.edges) {
        if (edge.server.is_none() || !is_down(context, edge)) {
            continue;
        }
        const auto ways = dependents.asking(location_of(context.model, edge.level));
        if (ways.empty()) {
            continue;
        }
        const GraphTargetId target = edge.ways.front().target;
        Finding finding =
            finding_of(info, Confidence::proven,
                       fmt::format("locations are asked for at {} first, which does not answer",
                                   context.graph.target(target).target.text));
        std::set<DirectiveRef> asking;
        for (const InternalWay& way : ways) {
            if (asking.insert(way.directive).second) {
                finding.places.push_back(place_of(context.model, way.directive));
            }
        }
        std::ranges::sort(finding.places, {}, &FindingPlace::span);
        add_dependent_edges(finding, context, asking);
        FindingPlace place = place_of(context.model, edge.directive);
        finding.labels.push_back({.span = place.span,
                                  .text = "this does not answer",
                                  .inclusion = edge.directive.inclusion,
                                  .trail = std::move(place.trail)});
        finding.notes.push_back(context.judgement.targets[target.value].reason);
        finding.notes.emplace_back("nginx answers 500 to all of their requests, and logs `auth "
                                   "request unexpected status: 502`");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::auth_request_backend_down = {
    .info = {.id = "auth-request-backend-down",
             .catalogue = "A13",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "who is asked by `auth_request` does not answer",
             .explanation =
                 R"(nginx answers 500 to every request of the locations that ask first, whatever
becomes of their own targets, and logs `auth request unexpected status: 502 while sending to client`
behind the error of the connection.

What is wrong with the target another finding tells; this one has the places that depend on it.

**Repair.** That of the other finding. nginx needs no reload.

**Silent** where one of the targets may answer; where `auth_request` leads to a location that variables
choose.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            auth_request /auth;
            root /srv/www;
        }
        location = /auth {
            internal;
            proxy_pass http://127.0.0.1:9091;
        }
    }
}
)",
                     .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            auth_request /auth;
            root /srv/www;
        }
        location = /auth {
            internal;
            proxy_pass http://127.0.0.1:9091;
        }
    }
}
)",
                      .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9091}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"},
             .is_consequence = true},
    .check = check};

} // namespace upstream_lint
