#pragma once

#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <string>
#include <vector>

namespace upstream_lint {

/// A folder that workers put temporary files into.
struct TempFolder {
    std::string path;                       ///< absolute
    bool is_relative = false;               ///< as it is written: it begins at nginx's prefix
    bool is_default = false;                ///< some location has it from the executable
    bool takes_bodies = false;              ///< of requests
    bool takes_responses = false;           ///< of upstreams
    std::vector<DirectiveRef> directives{}; ///< that name it, in the order of their edges
    std::vector<GraphEdgeId> edges{};       ///< the passes whose requests or responses come there
    std::vector<DirectiveRef> uploads{};    ///< `dav_methods` whose requests come there

    friend bool operator==(const TempFolder&, const TempFolder&) = default;
};

/// Those that some request can need: `X_temp_path` of passes that buffer responses and may write
/// them to disk, `client_body_temp_path` of locations that read bodies which may not fit their
/// buffer. `defaults`: of the executable. What caches and stores write is left out. Cost: a walk to
/// the settings around each pass directive.
[[nodiscard]] std::vector<TempFolder>
find_temp_folders(const Model& model, const ResolutionGraph& graph, const TempPaths& defaults);

} // namespace upstream_lint
