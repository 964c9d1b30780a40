#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (const GraphTarget& target : context.graph.targets) {
        if (target.upstream.is_none() ||
            !std::ranges::all_of(target.peers, [](const Peer& peer) { return peer.down; })) {
            continue;
        }
        Finding finding =
            finding_of(info, Confidence::proven,
                       fmt::format("every server of `upstream {}` is `down`", target.target.text));
        for (const GraphEdgeId edge : target.edges) {
            finding.edges.push_back(edge.value);
            finding.places.push_back(place_of(context.model, context.graph.edge(edge).directive));
        }
        finding.notes.emplace_back("nginx answers 502 at once and connects to nobody");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::all_peers_down = {
    .info = {.id = "all-peers-down",
             .catalogue = "A03",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "every server of a group is `down`",
             .explanation =
                 R"(nginx takes the configuration, answers 502 at once and logs
`no live upstreams while connecting to upstream`.

**Repair.** Take `down` from at least one server, and reload nginx.

**Silent** where one server is left, a backup too; about groups that nothing leads to.
)",
             .bad = {.conf = R"(events { }
http {
    upstream app {
        server 127.0.0.1:3000 down;
        server 127.0.0.1:3001 down;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://app;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    upstream app {
        server 127.0.0.1:3000 down;
        server 127.0.0.1:3001;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://app;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
