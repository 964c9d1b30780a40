#include "rules/refined_causes.hpp"

#include "resolve/internal_ways.hpp"
#include "rules/causes.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace upstream_lint {

namespace {

class Mirrors {
public:
    Mirrors(const Model& model, const ResolutionGraph& graph) :
        model_(model), graph_(graph), regexes_(model) {}

    [[nodiscard]] bool are_all_of(const Fault& fault) {
        return std::ranges::all_of(fault.askers, [&](const Fault::Asker& asker) {
            return std::ranges::all_of(graph_.target(asker.target).edges,
                                       [&](GraphEdgeId edge) { return is_mirror(edge); });
        });
    }

private:
    /// Nothing but `mirror` leads to the location that the edge is in.
    [[nodiscard]] bool is_mirror(GraphEdgeId id) {
        const GraphEdge& edge = graph_.edge(id);
        LocationId level = edge.level;
        if (edge.server.is_none() || !is_internal(model_, level)) {
            return false;
        }
        while (model_.location(level).kind == Location::Kind::if_block ||
               model_.location(level).kind == Location::Kind::limit_except) {
            level = model_.location(level).parent;
        }
        const InternalWays& ways = ways_of(edge.server);
        const auto there = ways.to(level);
        return !ways.has_unknown() && !there.empty() &&
               std::ranges::all_of(there,
                                   [](const InternalWay& way) { return way.name == "mirror"; });
    }

    [[nodiscard]] const InternalWays& ways_of(ServerId server) {
        std::unique_ptr<InternalWays>& ways = ways_[server];
        if (ways == nullptr) {
            ways = std::make_unique<InternalWays>(model_, regexes_, server);
        }
        return *ways;
    }

    const Model& model_;
    const ResolutionGraph& graph_;
    LocationRegexes regexes_;
    std::map<ServerId, std::unique_ptr<InternalWays>> ways_;
};

bool stops_nginx(const Fault& fault) {
    return fault.cause == cause::host_not_found_at_load ||
           fault.cause == cause::template_not_rendered;
}

bool are_name_servers(const ResolutionGraph& graph, const Fault& fault) {
    return std::ranges::all_of(fault.askers, [&](const Fault::Asker& asker) {
        return std::ranges::all_of(graph.target(asker.target).edges, [&](GraphEdgeId edge) {
            return graph.edge(edge).kind == GraphEdge::Kind::resolver;
        });
    });
}

} // namespace

void refine_causes(Judgement& judgement, const Model& model, const ResolutionGraph& graph) {
    Mirrors mirrors(model, graph);
    for (Fault& fault : judgement.faults) {
        if (fault.askers.empty() || stops_nginx(fault)) {
            continue;
        }
        if (fault.cause == cause::no_listener && are_name_servers(graph, fault)) {
            fault.cause = cause::resolver_unreachable;
        } else if (mirrors.are_all_of(fault)) {
            fault.cause = cause::mirror_or_background_target_dead;
        }
    }
}

} // namespace upstream_lint
