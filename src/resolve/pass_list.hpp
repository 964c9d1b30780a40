#pragma once

#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#include <string>
#include <vector>

namespace upstream_lint {

/// A directive that passes requests on, in a server for which it takes effect.
struct PassSite {
    ServerId server;
    LocationId level;    ///< it stands directly there
    LocationId location; ///< around it; none in `stream` and `mail`
    GraphEdge::Kind kind = GraphEdge::Kind::proxy;
    DirectiveRef directive;
    std::vector<RouteTarget> targets;
    std::string other_targets; ///< as Route has it
    std::vector<std::string> failures;
    bool has_variables = false;

    /// The level, if that is an `if` or `limit_except` block.
    [[nodiscard]] LocationId block() const {
        return location.is_none() || level == location ? LocationId() : level;
    }

    /// By which connections get there, not requests of HTTP.
    [[nodiscard]] bool takes_sessions() const { return location.is_none(); }
};

/// Those of a graph, by server, then in the order of the configuration. Those that stand around the
/// servers of `mail` are there for each of them. Cost: a copy of each target for each pass.
[[nodiscard]] std::vector<PassSite> list_passes(const Model& model, const ResolutionGraph& graph);

/// How requests end that get there.
[[nodiscard]] Outcome::Kind outcome_of(GraphEdge::Kind kind);

} // namespace upstream_lint
