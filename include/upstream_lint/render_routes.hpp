#pragma once

#include "upstream_lint/render.hpp"
#include "upstream_lint/routes.hpp"

#include <string>

namespace upstream_lint {

// Of each: `list` has to be one of this model. `to` is what the list was asked for; empty: all.

/// For people: below each server its names and listeners, and a line for each way: where its
/// directive stands, the location, where it leads, and an example as `route` takes it, or why there
/// is none. With patterns, the URIs below it. Of all ways also the names that lead elsewhere.
[[nodiscard]] std::string render_routes_table(const RouteList& list, const Model& model,
                                              const TextStyle& style, const std::string& to);

/// docs/schema/routes-1.json, an entry or a way in each line.
[[nodiscard]] std::string render_routes_json(const RouteList& list, const Model& model,
                                             const TextStyle& style, const std::string& to);

/// A graph from listeners over servers and locations to targets and peers, for Graphviz.
[[nodiscard]] std::string render_routes_dot(const RouteList& list, const Model& model,
                                            const TextStyle& style);
/// The same, as Mermaid has it.
[[nodiscard]] std::string render_routes_mermaid(const RouteList& list, const Model& model,
                                                const TextStyle& style);

} // namespace upstream_lint
