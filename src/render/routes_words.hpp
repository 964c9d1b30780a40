#pragma once

#include "upstream_lint/render.hpp"
#include "upstream_lint/routes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

// The words of docs/schema/routes-1.json; static storage.
[[nodiscard]] std::string_view reach_word(Reach reach);
[[nodiscard]] std::string_view entry_word(ServerEntry::Kind kind);
[[nodiscard]] std::string_view pass_word(GraphEdge::Kind kind);

/// `0.0.0.0:443 ssl`.
[[nodiscard]] std::string listener_text(const Listener& listener);

/// A name as the configuration has it: `a.example`, `~^a`, `$hostname`, `""`; `any other name` of
/// a default server.
[[nodiscard]] std::string entry_text(const ServerEntry& entry);

/// `/api/`, and the block in it: `/api/ if`. The server's level: `server`.
[[nodiscard]] std::string route_level_text(const Route& route, const Model& model);

/// `upstream app`, `127.0.0.1:80`, `unix:/path`.
[[nodiscard]] std::string route_target_text(const Target& target);

/// What is written behind the pass directive; its name where nothing is.
[[nodiscard]] std::string written_target(const Route& route, const Model& model);

/// `FILE:LINE` of each, with commas between.
[[nodiscard]] std::string places_text(const std::vector<DirectiveRef>& directives,
                                      const Model& model, const TextStyle& style);

/// The request as the words of a command line behind `route`.
[[nodiscard]] std::string request_words(const Request& request);

} // namespace upstream_lint
