#pragma once

#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Whether a request can get somewhere.
enum class Reach : std::uint8_t {
    reached,  ///< there is an example
    internal, ///< by no URI that a request brings: another location has to send it there
    never,    ///< proven
    unknown,
};

/// A name that leads to a server at a listener, or is meant to.
struct ServerEntry {
    enum class Kind : std::uint8_t {
        name,       ///< with or without a wildcard; empty: a request without a host
        regex,      ///< a pattern
        hostname,   ///< `$hostname`
        by_default, ///< every name that no server has
    };

    ListenerId listener;
    ServerId server;
    Kind kind = Kind::name;
    const ServerName* name = nullptr; ///< the model's; null: the server has none
    Reach reach = Reach::unknown;
    std::optional<std::string> host;   ///< of `reached`: an example, in lower case; it may be empty
    std::vector<ServerId> shadowed_by; ///< of `never`: who answers in its place, in their order
    std::string why;                   ///< of `never` and `unknown`
};

/// A request that goes where it is said to go.
struct RouteExample {
    Request request;
    std::vector<std::string> assumptions; ///< what has to hold besides
};

/// Where a pass leads, as far as that is known.
struct RouteTarget {
    Target target;
    std::vector<Peer> peers;

    friend bool operator==(const RouteTarget&, const RouteTarget&) = default;
};

/// A directive that takes effect in a server and passes its requests on, and how they get there.
struct Route {
    ServerId server;
    LocationId location; ///< none: the server itself, of `stream` and `mail`
    LocationId block;    ///< the `if` or `limit_except` block that the directive stands in, or none
    GraphEdge::Kind kind = GraphEdge::Kind::proxy; ///< up to `stream_pass`, or `auth_http`
    DirectiveRef pass;
    std::vector<RouteTarget> targets; ///< each once; several where variables decide
    /// Why it may lead somewhere else, which the configuration does not say; empty: it does not.
    std::string other_targets;
    /// What nginx logs where variables lead nowhere.
    std::vector<std::string> failures;
    Reach reach = Reach::unknown;
    std::optional<RouteExample> example; ///< always of `reached`; where one is found, of `internal`
    /// Of `never` what takes its requests; else what sends requests there within nginx.
    std::vector<DirectiveRef> because;
    std::string why; ///< of all that no request gets to by its own URI
    /// Of patterns that were asked for: the URIs that end at the location, as nginx looks for them,
    /// as a regular expression for PCRE2 without options. It is found in a URI if and only if the
    /// location answers that. None: there is none, or it would be too long.
    std::optional<std::string> pattern;
};

/// All ways that a configuration has.
struct RouteList {
    std::vector<ServerEntry> entries; ///< by server, then listener, then name
    std::vector<Route> routes;        ///< in the order of the configuration
};

struct RouteListOptions {
    RouterOptions router;
    /// Only what leads there, or may, as leads_to() has it. Empty: everything.
    std::string to;
    bool patterns = false;
};

/// Whether a pass leads somewhere: `satisfied`, `violated`, or `unknown` where the configuration
/// does not say where it leads. `target` is the name of an `upstream { }` or an address as Target
/// and Peer have it; without a port it stands for all of them.
[[nodiscard]] Verdict leads_to(const Route& route, std::string_view target);

/// Finds the ways that a configuration has, with an example of each that the Router sends there,
/// or a proof that there is none. Never throws for anything in the model.
///
/// Cost: that of build_graph(), and one request to the Router for each way whose name gets there;
/// of others more requests, at most some 100 000 in all, and what location_languages() costs, for
/// each server once. What comes on top stays unknown.
[[nodiscard]] RouteList find_routes(const Model& model, const RouteListOptions& options = {});

} // namespace upstream_lint
