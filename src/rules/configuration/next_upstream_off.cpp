#include "resolve/inherited_setting.hpp"
#include "rules/fault_finding.hpp"
#include "rules/pass_module.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <string>

namespace upstream_lint {

namespace {

/// What keeps nginx from asking a second server, or null.
const Setting* find_limit(const Model& model, const GraphEdge& edge) {
    const std::string name = fmt::format("{}_next_upstream", pass_module(edge.kind));
    const Setting* const conditions = find_inherited_setting(model, edge.level, name);
    if (conditions != nullptr && model.words(conditions->directive)[1] == "off") {
        return conditions;
    }
    const Setting* const tries = find_inherited_setting(model, edge.level, name + "_tries");
    return tries != nullptr && model.words(tries->directive)[1] == "1" ? tries : nullptr;
}

/// Who else could have answered.
struct Others {
    bool has_several = false;
    bool is_one_dead = false;
};

Others others_of(const RuleContext& context, GraphTargetId id) {
    const GraphTarget& target = context.graph.target(id);
    Others others;
    std::size_t count = 0;
    for (const ProbePlan::Need& need : context.plan.needs[id.value]) {
        const Peer& peer = target.peers[need.peer];
        if (peer.down || peer.backup) {
            continue;
        }
        const ProbeAnswer& answer = context.judgement.answer(need.probe);
        count += std::max<std::size_t>(answer.addresses.size(), 1);
        const bool is_dead =
            answer.addresses.empty()
                ? answer.verdict == Verdict::violated
                : std::ranges::find(answer.addresses, Verdict::violated, &ProbeAnswer::verdict) !=
                      answer.addresses.end();
        others.is_one_dead = others.is_one_dead || is_dead;
    }
    others.has_several = count > 1;
    others.is_one_dead =
        others.is_one_dead && context.judgement.targets[id.value].verdict != Verdict::violated;
    return others;
}

struct Group {
    std::vector<GraphEdgeId> edges;
    std::string target;
    bool is_one_dead = false;
};

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    std::map<DirectiveRef, Group> groups;
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const GraphEdge& edge = context.graph.edges[i];
        const Setting* const limit =
            pass_module(edge.kind).empty() ? nullptr : find_limit(context.model, edge);
        for (const GraphEdge::Way& way : edge.ways) {
            const Others others = others_of(context, way.target);
            if (limit == nullptr || !others.has_several) {
                continue;
            }
            Group& group = groups[limit->directive];
            group.edges.push_back({i});
            group.is_one_dead = group.is_one_dead || others.is_one_dead;
            group.target = context.graph.target(way.target).target.text;
        }
    }
    for (const auto& [directive, group] : groups) {
        Finding finding = finding_of(
            info, group.is_one_dead ? Confidence::likely : Confidence::hint,
            fmt::format("a request that fails at one server of {} is not passed to another",
                        group.target));
        finding.places.push_back(place_of(context.model, directive));
        for (const GraphEdgeId edge : group.edges) {
            add_edge(finding, context, edge);
        }
        finding.notes.emplace_back(group.is_one_dead
                                       ? "one of them does not answer, so its share of the "
                                         "requests fails"
                                       : "all that fail at one that does not answer get 502");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::next_upstream_off = {
    .info = {.id = "next-upstream-off",
             .catalogue = "A12",
             .group = RuleGroup::configuration,
             .impact = Impact::med,
             .confidence = Confidence::likely,
             .summary = "a failed request is not passed to the next server though there is one",
             .explanation =
                 R"(`proxy_next_upstream off` and `proxy_next_upstream_tries 1` (and those of
`fastcgi_`, `uwsgi_`, `scgi_`, `grpc_` and `memcached_`) keep nginx from asking another server. When one
of several does not answer, its share of the requests gets 502; `localhost` with two addresses is such a
case.

It is likely where one server is known not to answer while another may, else a hint: who does not want a
request repeated writes this on purpose.

**Repair.** Leave it at `error timeout`, which never repeats what was sent of a request that changes
something.

**Silent** where there is one server, and where a name has one address or was not looked up.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_next_upstream off;
            proxy_pass http://localhost:3000;
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
      "addresses": ["127.0.0.1/8", "::1/128"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "localhost", "status": "ok", "addrs": ["::1", "127.0.0.1"]}
    ]
  }
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://localhost:3000;
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
      "addresses": ["127.0.0.1/8", "::1/128"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "localhost", "status": "ok", "addrs": ["::1", "127.0.0.1"]}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
