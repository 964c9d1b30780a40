#include "config/ascii.hpp"
#include "resolve/handshake_names.hpp"
#include "resolve/internal_ways.hpp"
#include "resolve/location_pattern.hpp"
#include "resolve/location_uris.hpp"
#include "resolve/pass_list.hpp"
#include "resolve/route_search.hpp"
#include "resolve/sent_routes.hpp"
#include "resolve/server_choice.hpp"
#include "resolve/server_entries.hpp"
#include "resolve/unreached_routes.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

namespace upstream_lint {

namespace {

/// Without its targets.
RouteAttempt attempt_at(const PassSite& pass) {
    RouteAttempt attempt;
    attempt.pass = &pass;
    Route& route = attempt.route;
    route.server = pass.server;
    route.location = pass.location;
    route.block = pass.block();
    route.kind = pass.kind;
    route.pass = pass.directive;
    return attempt;
}

/// Takes the targets out of the pass.
RouteAttempt whole_attempt_at(PassSite& pass) {
    RouteAttempt attempt = attempt_at(pass);
    attempt.route.targets = std::move(pass.targets);
    attempt.route.other_targets = std::move(pass.other_targets);
    attempt.route.failures = std::move(pass.failures);
    return attempt;
}

class RouteLister {
public:
    RouteLister(const Model& model, const RouteListOptions& options) :
        model_(model), options_(options), choice_(model, {options.router.hostname}), uris_(model),
        search_(model, options.router, choice_, uris_) {}

    [[nodiscard]] RouteList run() && {
        list_.entries = list_server_entries(model_, choice_);
        auto passes = list_passes(model_, build_graph(model_, options_.router));
        list_.routes.reserve(passes.size());
        for (auto begin = passes.begin(); begin != passes.end();) {
            const auto end = std::find_if(begin, passes.end(), [&](const PassSite& pass) {
                return pass.server != begin->server;
            });
            add_server({begin, end});
            begin = end;
        }
        if (!options_.to.empty()) {
            std::erase_if(list_.entries, [&](const ServerEntry& entry) {
                return !std::ranges::binary_search(list_.routes, entry.server, {}, &Route::server);
            });
        }
        return std::move(list_);
    }

private:
    void add_server(std::span<PassSite> passes) {
        const ServerId server = passes.front().server;
        const auto begin =
            std::ranges::lower_bound(list_.entries, server, {}, &ServerEntry::server);
        const auto end =
            std::ranges::upper_bound(begin, list_.entries.end(), server, {}, &ServerEntry::server);
        entries_ = {begin, end};
        search_.enter(server, entries_);
        std::vector<RouteAttempt> attempts;
        attempts.reserve(passes.size());
        for (PassSite& pass : passes) {
            add_pass(pass, attempts);
        }
        if (std::ranges::any_of(
                attempts, [](const RouteAttempt& attempt) { return !attempt.is_reached(); })) {
            find_others(server, attempts);
        }
        for (RouteAttempt& attempt : attempts) {
            list_.routes.push_back(std::move(attempt.route));
        }
    }

    void add_pass(PassSite& pass, std::vector<RouteAttempt>& attempts) {
        if (pass.kind == GraphEdge::Kind::stream && pass.has_variables &&
            add_sessions(pass, attempts)) {
            return;
        }
        RouteAttempt attempt = whole_attempt_at(pass);
        if (is_left_out(attempt.route)) {
            return;
        }
        if (pass.takes_sessions()) {
            search_.try_session(attempt, {});
        } else {
            add_pattern(attempt.route);
            try_location(attempt);
        }
        attempts.push_back(std::move(attempt));
    }

    [[nodiscard]] bool is_left_out(const Route& route) const {
        return !options_.to.empty() && leads_to(route, options_.to) == Verdict::violated;
    }

    void add_pattern(Route& route) {
        if (options_.patterns) {
            if (!patterns_) {
                patterns_.emplace(model_);
            }
            route.pattern = patterns_->of(route.location);
        }
    }

    void try_location(RouteAttempt& attempt) {
        if (!search_.try_first(attempt) && ending_directive(model_, *attempt.pass).is_none()) {
            search_.try_variants(attempt);
        }
    }

    /// A way for each name that maps tell apart. False where none of them leads anywhere.
    bool add_sessions(const PassSite& pass, std::vector<RouteAttempt>& attempts) {
        if (handshake_names_.empty()) {
            handshake_names_ = handshake_names(model_);
        }
        bool is_any_found = false;
        for (const std::string& name : handshake_names_) {
            RouteAttempt attempt = attempt_at(pass);
            search_.try_session(attempt, name);
            if (!attempt.is_reached() || attempt.route.targets.empty()) {
                continue;
            }
            is_any_found = true;
            if (!is_left_out(attempt.route)) {
                attempts.push_back(std::move(attempt));
            }
        }
        return is_any_found;
    }

    // -- ways that no simple request goes ---------------------------------------------------------

    void find_others(ServerId server, std::span<RouteAttempt> attempts) {
        const InternalWays ways(model_, uris_.regexes(), server);
        search_.explore(attempts, ways);
        take_examples_of_senders(attempts, model_, ways);
        for (RouteAttempt& attempt : attempts) {
            if (!attempt.route.example) {
                take_failing_example(attempt);
            }
            if (!attempt.route.example) {
                tell(attempt, ways);
            }
        }
    }

    void tell(RouteAttempt& attempt, const InternalWays& ways) {
        Route& route = attempt.route;
        if (!search_.is_entered()) {
            tell_server(route, model_, entries_);
        } else if (attempt.pass->takes_sessions()) {
            route.why = attempt.tried;
        } else if (const DirectiveRef ending = ending_directive(model_, *attempt.pass);
                   !ending.is_none()) {
            tell_ended(route, ending);
        } else if (model_.location(route.location).kind == Location::Kind::named ||
                   is_internal(model_, route.location)) {
            tell_internal(route, model_, ways);
        } else {
            find_by_language(attempt);
        }
    }

    /// An example of the location's language, or the proof that there is none.
    void find_by_language(RouteAttempt& attempt) {
        Route& route = attempt.route;
        const LanguageBounds& uris = uris_.of(route.location);
        if (uris.upper.is_empty()) {
            tell_shadowed(route, model_, uris_);
            return;
        }
        for (const Language* among : {&uris.lower, &uris.upper}) {
            const auto uri = among->example();
            if (uri && search_.try_uri(attempt, *uri)) {
                return;
            }
        }
        route.why = !uris.is_exact()        ? uris.why_inexact
                    : attempt.tried.empty() ? "no request that was tried ends there"
                                            : attempt.tried;
    }

    const Model& model_;
    const RouteListOptions& options_;
    ServerChoice choice_;
    LocationUris uris_;
    RouteSearch search_;
    std::optional<LocationPatterns> patterns_; // made when they are first needed
    std::vector<std::string> handshake_names_; // the same
    RouteList list_;
    std::span<const ServerEntry> entries_; // of one server
};

/// Whether it is the address, or the part of it in front of the port.
bool is_address(std::string_view address, std::string_view text) {
    return starts_ignoring_case(address, text) &&
           (address.size() == text.size() ||
            (address[text.size()] == ':' && !starts_ignoring_case(address, "unix:") &&
             address.find(':', text.size() + 1) == std::string_view::npos));
}

bool is_at(const RouteTarget& route, std::string_view text) {
    const bool is_group = route.target.kind == Target::Kind::upstream;
    return (is_group ? equal_ignoring_case(route.target.text, text)
                     : is_address(route.target.text, text)) ||
           std::ranges::any_of(route.peers,
                               [&](const Peer& peer) { return is_address(peer.address, text); });
}

} // namespace

Verdict leads_to(const Route& route, std::string_view target) {
    if (std::ranges::any_of(route.targets,
                            [&](const RouteTarget& each) { return is_at(each, target); })) {
        return Verdict::satisfied;
    }
    return route.other_targets.empty() ? Verdict::violated : Verdict::unknown;
}

RouteList find_routes(const Model& model, const RouteListOptions& options) {
    return RouteLister(model, options).run();
}

} // namespace upstream_lint
