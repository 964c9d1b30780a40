#pragma once

#include "upstream_lint/graph.hpp"

#include <string_view>

namespace upstream_lint {

/// What the names of the directives begin with that say how requests are passed on: `proxy`,
/// `fastcgi`. Empty: they are not passed on.
[[nodiscard]] std::string_view pass_module(GraphEdge::Kind kind);

} // namespace upstream_lint
