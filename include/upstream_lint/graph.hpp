#pragma once

#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace upstream_lint {

struct GraphTarget;
struct GraphEdge;
using GraphTargetId = ModelId<GraphTarget>;
using GraphEdgeId = ModelId<GraphEdge>;

/// Something that nginx contacts. A name that it looks up when it loads is not the same as one that
/// a `resolver` looks up, nor is what two resolvers of unlike parameters say of a name.
struct GraphTarget {
    Target target;                      ///< of `dynamic` the directive's value as it is written
    bool is_datagram = false;           ///< UDP, or a datagram socket
    Protocol protocol = Protocol::http; ///< of an upstream: whose
    UpstreamId upstream;                ///< of an upstream
    Peer::Resolved resolved = Peer::Resolved::load;
    DirectiveRef resolver;   ///< of a name of no upstream that is looked up at run time
    std::vector<Peer> peers; ///< of an upstream its servers; else the target itself
    /// Why it may be something else at run time, or is not known at all; empty: it is known.
    std::string reason;
    std::vector<GraphEdgeId> edges; ///< who leads there: the places
};

/// What a directive makes nginx contact.
struct GraphEdge {
    enum class Kind : std::uint8_t {
        proxy,
        fastcgi,
        uwsgi,
        scgi,
        grpc,
        memcached,
        tunnel,
        other_pass,  ///< of a module that nginx does not bring
        stream,      ///< `proxy_pass` of `stream`
        stream_pass, ///< `pass`: no connection is made, a listener of nginx itself takes over
        auth_http,
        resolver,
        syslog,
        ocsp,
        other, ///< of modules: caches of tracing, queues, relays, certificates
    };

    struct Way {
        GraphTargetId target;
        bool uses_tls = false;
    };

    Kind kind = Kind::proxy;
    ServerId server;  ///< none outside of servers
    LocationId level; ///< in which the directive stands; none outside of levels
    DirectiveRef directive;
    /// Several where variables decide: then each of them is possible, and none is certain.
    std::vector<Way> ways;
    bool has_variables = false;
    /// What nginx logs instead where the variables' values lead nowhere. They may belong to
    /// variables that no request leaves unset.
    std::vector<std::string> failures;
};

/// Where a configuration leads: every directive that passes requests on or names an address, and
/// each target once. Ways inside of a server, such as `auth_request`, `mirror` and `error_page`,
/// lead to locations whose own directives stand here.
struct ResolutionGraph {
    std::vector<GraphEdge> edges;     ///< level by level
    std::vector<GraphTarget> targets; ///< in the order in which they are first named

    [[nodiscard]] const GraphTarget& target(GraphTargetId id) const { return targets[id.value]; }

    [[nodiscard]] const GraphEdge& edge(GraphEdgeId id) const { return edges[id.value]; }
};

/// Folds the variables of each pass directive to the values that `set`, `map`, `geo` and
/// `split_clients` can give them: at most 1024 for one value, and a bounded number altogether. What
/// comes on top makes a target dynamic. Cost: one pass over the directives; each map is read once.
[[nodiscard]] ResolutionGraph build_graph(const Model& model, const RouterOptions& options = {});

} // namespace upstream_lint
