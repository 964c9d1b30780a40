#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view http_port = ":80";

/// What is spoken to a group that nobody speaks on port 80; empty: something else.
std::string_view spoken(const RuleContext& context, GraphTargetId id) {
    for (const GraphEdgeId edge_id : context.graph.target(id).edges) {
        const GraphEdge& edge = context.graph.edge(edge_id);
        switch (edge.kind) {
        case GraphEdge::Kind::fastcgi:
            return "FastCGI";
        case GraphEdge::Kind::uwsgi:
            return "uwsgi";
        case GraphEdge::Kind::scgi:
            return "SCGI";
        case GraphEdge::Kind::memcached:
            return "memcached";
        default:
            break;
        }
        const auto way = std::ranges::find(edge.ways, id, &GraphEdge::Way::target);
        if (edge.ways.size() == 1 && way != edge.ways.end() && way->uses_tls) {
            return "TLS";
        }
    }
    return {};
}

/// nginx takes the port itself: the server's line has none.
bool lacks_port(const Upstream& upstream, const Peer& peer) {
    const auto server =
        std::ranges::find(upstream.servers, peer.directive, &UpstreamServer::directive);
    return server != upstream.servers.end() &&
           peer.address == fmt::format("{}{}", server->address, http_port);
}

bool is_answered(const RuleContext& context, GraphTargetId id, std::uint32_t peer) {
    const auto& needs = context.plan.needs[id.value];
    return std::ranges::any_of(needs, [&](const ProbePlan::Need& need) {
        return need.peer == peer &&
               context.judgement.answer(need.probe).verdict != Verdict::unknown;
    });
}

void add(const RuleContext& context, const RuleInfo& info, GraphTargetId id,
         std::vector<Finding>& findings) {
    const GraphTarget& target = context.graph.target(id);
    const std::string_view protocol = spoken(context, id);
    if (target.upstream.is_none() || target.protocol != Protocol::http || protocol.empty()) {
        return;
    }
    Fault question;
    for (std::uint32_t i = 0; i < target.peers.size(); ++i) {
        if (!target.peers[i].down && !is_answered(context, id, i) &&
            lacks_port(context.model.upstream(target.upstream), target.peers[i])) {
            question.askers.push_back({.target = id, .peer = i});
        }
    }
    if (question.askers.empty()) {
        return;
    }
    Finding finding =
        finding_of(context, info, question, Confidence::likely,
                   fmt::format("{} is spoken to port 80 of {}: its line names none", protocol,
                               target.peers[question.askers.front().peer].address));
    finding.notes.emplace_back("in `upstream` the port is 80 when none is written, whatever is "
                               "spoken there");
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (std::uint32_t i = 0; i < context.graph.targets.size(); ++i) {
        add(context, info, {i}, findings);
    }
}

} // namespace

const Rule rules::missing_port_defaults = {
    .info = {.id = "missing-port-defaults",
             .catalogue = "A08",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::likely,
             .summary = "a server of a group has no port and something else than HTTP is spoken",
             .explanation =
                 R"(In `upstream` a server without a port has port 80, for `fastcgi_pass` and
`proxy_pass https://` as well. nginx answers 502 and logs `connect() failed (111: Connection refused)`
with `:80` in `upstream:`, or what comes of speaking to a web server. (A pass directive with such an
address is refused: `no port in upstream`.)

**Repair.** Write the port: `server 10.0.0.5:9000;`.

**Silent** where HTTP is spoken, and gRPC, which may well be on port 80; where the listeners there were
read: then somebody listens, or `no-listener` tells of it.
)",
             .bad = {.conf = R"(events { }
http {
    upstream php {
        server 10.0.0.5;
    }
    server {
        listen 80;
        location / {
            fastcgi_pass php;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    upstream php {
        server 10.0.0.5:9000;
    }
    server {
        listen 80;
        location / {
            fastcgi_pass php;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
