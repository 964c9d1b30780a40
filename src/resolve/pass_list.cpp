#include "resolve/pass_list.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace upstream_lint {

namespace {

using Kind = GraphEdge::Kind;

/// The location that a block stands in.
LocationId location_around(const Model& model, LocationId level) {
    while (model.location(level).kind == Location::Kind::if_block ||
           model.location(level).kind == Location::Kind::limit_except) {
        level = model.location(level).parent;
    }
    return model.location(level).kind == Location::Kind::server ? LocationId() : level;
}

void add_target(PassSite& pass, const GraphTarget& target) {
    if (target.target.kind == Target::Kind::dynamic) {
        pass.other_targets = target.reason;
        return;
    }
    RouteTarget route{target.target, target.peers};
    if (target.target.kind != Target::Kind::upstream) {
        for (Peer& peer : route.peers) {
            peer.directive = pass.directive; // the graph has the first that leads there
        }
    }
    // the same over TCP and UDP
    if (std::ranges::find(pass.targets, route) == pass.targets.end()) {
        pass.targets.push_back(std::move(route));
    }
}

PassSite pass_of(const Model& model, const ResolutionGraph& graph, const GraphEdge& edge) {
    PassSite pass;
    pass.server = edge.server;
    pass.level = edge.level;
    pass.kind = edge.kind;
    pass.directive = edge.directive;
    pass.failures = edge.failures;
    pass.has_variables = edge.has_variables;
    if (edge.kind != Kind::auth_http) {
        pass.location = location_around(model, edge.level);
    }
    for (const GraphEdge::Way& way : edge.ways) {
        add_target(pass, graph.target(way.target));
    }
    return pass;
}

/// A server of `mail` takes over what stands around it.
void add_mail(const Model& model, const ResolutionGraph& graph,
              const std::map<LocationId, const GraphEdge*>& edges, std::vector<PassSite>& passes) {
    for (std::uint32_t i = 0; i < model.servers().size() && !edges.empty(); ++i) {
        const Server& server = model.server({i});
        if (server.protocol != Protocol::mail) {
            continue;
        }
        auto edge = edges.find(server.level);
        if (edge == edges.end()) {
            edge = edges.find(model.location(server.level).parent);
        }
        if (edge != edges.end()) {
            PassSite& pass = passes.emplace_back(pass_of(model, graph, *edge->second));
            pass.server = {i};
        }
    }
}

} // namespace

std::vector<PassSite> list_passes(const Model& model, const ResolutionGraph& graph) {
    std::vector<PassSite> passes;
    std::map<LocationId, const GraphEdge*> mail_edges;
    for (const GraphEdge& edge : graph.edges) {
        if (edge.kind == Kind::auth_http) {
            mail_edges[edge.level] = &edge;
        } else if (edge.kind <= Kind::stream_pass && !edge.server.is_none()) {
            passes.push_back(pass_of(model, graph, edge));
        }
    }
    add_mail(model, graph, mail_edges, passes);
    std::ranges::stable_sort(passes, {}, &PassSite::server);
    return passes;
}

Outcome::Kind outcome_of(GraphEdge::Kind kind) {
    switch (kind) {
    case Kind::proxy:
        return Outcome::Kind::proxy;
    case Kind::fastcgi:
        return Outcome::Kind::fastcgi;
    case Kind::uwsgi:
        return Outcome::Kind::uwsgi;
    case Kind::scgi:
        return Outcome::Kind::scgi;
    case Kind::grpc:
        return Outcome::Kind::grpc;
    case Kind::memcached:
        return Outcome::Kind::memcached;
    case Kind::tunnel:
        return Outcome::Kind::tunnel;
    case Kind::stream:
        return Outcome::Kind::stream;
    default:
        return Outcome::Kind::runtime;
    }
}

} // namespace upstream_lint
