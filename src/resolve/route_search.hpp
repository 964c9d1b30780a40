#pragma once

#include "resolve/entrance.hpp"
#include "resolve/internal_ways.hpp"
#include "resolve/location_uris.hpp"
#include "resolve/pass_list.hpp"
#include "resolve/request_variants.hpp"
#include "resolve/server_choice.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace upstream_lint {

/// A way whose example is looked for.
struct RouteAttempt {
    const PassSite* pass = nullptr; ///< has to outlive it
    Route route;
    std::string tried;                   ///< how the first request ended instead
    std::optional<RouteExample> failing; ///< gets there, and is passed on to nobody

    [[nodiscard]] bool is_reached() const { return route.reach == Reach::reached; }
};

/// For ways without a better example. Leaves others as they are.
void take_failing_example(RouteAttempt& attempt);

/// Looks for requests that get to the passes of one server after the other, by asking the Router.
/// Views what it is made with. For one thread.
class RouteSearch {
public:
    RouteSearch(const Model& model, const RouterOptions& options, ServerChoice& choice,
                LocationUris& uris);

    /// Goes on with a server. `entries` are its own, and have to outlive the search there.
    void enter(ServerId server, std::span<const ServerEntry> entries);

    /// Whether requests come to the server at all.
    [[nodiscard]] bool is_entered() const noexcept { return !entrances_.empty(); }

    // Each says whether an example has been found, and puts it into the way.

    /// The request that a person would think of first.
    bool try_first(RouteAttempt& attempt);
    /// More URIs that are easily thought of, with what the conditions around the pass ask for.
    bool try_variants(RouteAttempt& attempt);
    /// One URI, with the same.
    bool try_uri(RouteAttempt& attempt, std::string_view uri);
    /// A connection of `stream` with a name in its handshake.
    bool try_session(RouteAttempt& attempt, const std::string& name);

    /// Sends requests to what may send them on to ways that are not reached, and gives those that
    /// are found their examples. A few for each way, and a few dozen for the server.
    void explore(std::span<RouteAttempt> attempts, const InternalWays& ways);

private:
    using End = std::tuple<LocationId, LocationId, Outcome::Kind>; // location, block

    /// Where a request has gone, whoever it was meant for.
    struct Found {
        RouteExample example;
        RouteTarget target;
        bool is_beside = false; ///< as a request that nginx makes itself
    };

    bool ask(RouteAttempt& attempt, const Request& request);
    bool try_request(RouteAttempt& attempt, const Entrance& entrance, const RequestVariant& variant,
                     std::string_view uri);
    void note(const Answer& answer, const Request& request, bool is_beside);
    void keep(End end, Found found);
    void explore_level(LocationId level, std::size_t& left);
    [[nodiscard]] bool take_found(RouteAttempt& attempt, const InternalWays& ways) const;

    const Model& model_;
    ServerChoice& choice_;
    LocationUris& uris_;
    Router router_;
    std::size_t requests_left_;
    // of one server
    ServerId server_;
    std::vector<Entrance> entrances_;
    std::map<End, Found> found_;
};

} // namespace upstream_lint
