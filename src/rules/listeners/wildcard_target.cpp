#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <vector>

namespace upstream_lint {

namespace {

/// The directives that name a server of a target: its line in the group, or those that lead there.
std::vector<DirectiveRef> directives_of(const RuleContext& context, const GraphTarget& target,
                                        const Peer& peer) {
    if (!target.upstream.is_none()) {
        return {peer.directive};
    }
    std::vector<DirectiveRef> directives;
    for (const GraphEdgeId edge : target.edges) {
        directives.push_back(context.graph.edge(edge).directive);
    }
    return directives;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (const GraphTarget& target : context.graph.targets) {
        for (const Peer& peer : target.peers) {
            const auto address = parse_address_and_port(peer.address);
            if (!address || !address->is_wildcard()) {
                continue;
            }
            Finding finding = finding_of(
                info, Confidence::proven,
                fmt::format("{} is an address to listen on; connections end at the loopback "
                            "interface",
                            peer.address));
            for (const DirectiveRef directive : directives_of(context, target, peer)) {
                finding.places.push_back(place_of(context.model, directive));
            }
            findings.push_back(std::move(finding));
        }
    }
}

} // namespace

const Rule rules::wildcard_target = {
    .info =
        {.id = "wildcard-target",
         .catalogue = "C14",
         .group = RuleGroup::listeners,
         .impact = Impact::low,
         .confidence = Confidence::proven,
         .summary = "nginx connects to the wildcard address",
         .explanation =
             R"(`0.0.0.0` and `[::]` are addresses to listen on. Linux takes a connection to them as one to the
loopback interface, so it works; it stops working where nginx and the program are in different
containers.

It is seen in the configuration.

**Repair.** Write `127.0.0.1` or `[::1]`, or the name of the program's container.

**Silent** about `listen`, where these addresses belong.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://0.0.0.0:3000;
        }
    }
}
)",
                 .facts = ""},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
