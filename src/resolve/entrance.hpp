#pragma once

#include "resolve/request_variants.hpp"
#include "resolve/server_choice.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// How requests come to a server at one of its listeners.
struct Entrance {
    const ServerEntry* entry = nullptr; ///< by which they get there; valid as long as its list
    Request request;                    ///< what all of them have
};

/// One for each listener of a server at which some name leads to it, a plain name rather than
/// another one, at most four. `entries` are those of the server.
[[nodiscard]] std::vector<Entrance> entrances_of(const Model& model, const ServerChoice& choice,
                                                 std::span<const ServerEntry> entries);

/// For a server of `http`. `uri` is as nginx looks for locations.
[[nodiscard]] Request request_at(const Model& model, const Entrance& entrance,
                                 const RequestVariant& variant, std::string_view uri);

/// For a server of `stream` or `mail`; without a name in its handshake where `name` is empty.
[[nodiscard]] Request session_at(const Model& model, const Entrance& entrance,
                                 std::string_view name);

} // namespace upstream_lint
