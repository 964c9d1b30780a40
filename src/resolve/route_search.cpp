#include "resolve/route_search.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Those that are not the first of their way, in all.
constexpr std::size_t max_requests = 100'000;
constexpr std::size_t max_explored = 64; // of a server
constexpr std::size_t max_explored_for_one = 4;
constexpr std::size_t max_because = 16;

bool is_pass(Outcome::Kind kind) {
    return kind <= Outcome::Kind::stream || kind == Outcome::Kind::runtime;
}

RouteTarget target_of(const Outcome& outcome) {
    return {outcome.target.value_or(Target{Target::Kind::dynamic, {}}), outcome.peers};
}

void add_target(Route& route, RouteTarget target) {
    if (target.target.kind != Target::Kind::dynamic &&
        std::ranges::find(route.targets, target) == route.targets.end()) {
        route.targets.push_back(std::move(target));
    }
}

/// The example that supposes least stays.
void take(Route& route, RouteExample example, RouteTarget target) {
    if (!route.example || example.assumptions.size() < route.example->assumptions.size()) {
        route.reach = Reach::reached;
        route.example = std::move(example);
    }
    if (!route.other_targets.empty() || route.targets.empty()) {
        add_target(route, std::move(target));
    }
}

/// Nginx gets to the directive, whose value leads nowhere.
bool is_failure(const Route& route, const Outcome& outcome) {
    constexpr int bad_gateway = 502; // of upstreams alone
    constexpr int internal_error = 500;
    return outcome.kind == Outcome::Kind::error &&
           (outcome.status == bad_gateway ||
            (outcome.status == internal_error && !route.failures.empty()));
}

template <typename End> bool is_place(const Route& route, const End& end) {
    return end.server == route.server && end.location == route.location && end.block == route.block;
}

template <typename End> bool is_end(const Route& route, const End& end) {
    return is_place(route, end) && end.outcome.kind == outcome_of(route.kind);
}

bool has_step(const Answer& answer, DirectiveRef pass) {
    return std::ranges::any_of(answer.steps, [&](const Step& step) {
        return step.kind == Step::Kind::pass && step.directive == pass;
    });
}

/// What has to hold for the one way that there is. What nobody can tell is not supposed.
std::vector<std::string> supposed(const Answer& answer) {
    return answer.certainty == Certainty::conditional ? answer.assumptions
                                                      : std::vector<std::string>();
}

/// Where nginx gets to the directive and passes nothing on: it cannot look up a name, or its value
/// is no address.
std::optional<RouteExample> failing_example(const Route& route, const Answer& answer,
                                            const Request& request) {
    const auto fails = [&](const auto& end) {
        return is_place(route, end) && is_failure(route, end.outcome);
    };
    const bool stops_there =
        answer.outcome.kind == Outcome::Kind::error && has_step(answer, route.pass);
    if (answer.branches.empty()) {
        return fails(answer) || stops_there ? std::optional(RouteExample{request, supposed(answer)})
                                            : std::nullopt;
    }
    const auto branch = std::ranges::find_if(answer.branches, fails);
    return branch == answer.branches.end()
               ? std::nullopt
               : std::optional(RouteExample{request, branch->assumptions});
}

std::string ending(const Answer& answer, const Request& request, bool is_session) {
    const std::string asked =
        is_session ? request.url : fmt::format("{} {}", request.method, request.url);
    if (answer.branches.empty() && answer.outcome.kind == Outcome::Kind::runtime) {
        return fmt::format("what becomes of {} is decided at run time", asked);
    }
    return answer.outcome.status
               ? fmt::format("{} ends elsewhere, with {}", asked, *answer.outcome.status)
               : fmt::format("{} ends elsewhere", asked);
}

} // namespace

RouteSearch::RouteSearch(const Model& model, const RouterOptions& options, ServerChoice& choice,
                         LocationUris& uris) :
    model_(model),
    choice_(choice), uris_(uris), router_(model, options), requests_left_(max_requests) {}

void RouteSearch::enter(ServerId server, std::span<const ServerEntry> entries) {
    server_ = server;
    entrances_ = entrances_of(model_, choice_, entries);
    found_.clear();
}

bool RouteSearch::try_first(RouteAttempt& attempt) {
    const LocationId location = attempt.pass->location;
    if (entrances_.empty() || is_internal(model_, location)) {
        return false;
    }
    const auto uri = uris_.easiest(location);
    return uri && try_request(attempt, entrances_.front(), {}, *uri);
}

bool RouteSearch::try_variants(RouteAttempt& attempt) {
    const LocationId location = attempt.pass->location;
    if (entrances_.empty() || requests_left_ == 0 || is_internal(model_, location)) {
        return false;
    }
    const std::vector<std::string> easy = uris_.easy(location);
    for (const RequestVariant& variant : request_variants(model_, *attempt.pass, uris_)) {
        for (const Entrance& entrance : entrances_) {
            for (const std::string& uri : variant.uri ? std::vector{*variant.uri} : easy) {
                if (try_request(attempt, entrance, variant, uri)) {
                    return true;
                }
            }
        }
    }
    return false;
}

bool RouteSearch::try_uri(RouteAttempt& attempt, std::string_view uri) {
    for (const RequestVariant& variant : request_variants(model_, *attempt.pass, uris_)) {
        for (const Entrance& entrance : entrances_) {
            if (!variant.uri && try_request(attempt, entrance, variant, uri)) {
                return true;
            }
        }
    }
    return false;
}

bool RouteSearch::try_session(RouteAttempt& attempt, const std::string& name) {
    return std::ranges::any_of(entrances_, [&](const Entrance& entrance) {
        const bool has_name = entrance.entry->kind != ServerEntry::Kind::by_default;
        const std::string own = has_name ? *entrance.entry->host : std::string();
        return ask(attempt, session_at(model_, entrance, name.empty() ? own : name));
    });
}

bool RouteSearch::try_request(RouteAttempt& attempt, const Entrance& entrance,
                              const RequestVariant& variant, std::string_view uri) {
    if (variant.host &&
        choice_.find_server(entrance.entry->listener, *variant.host).server != server_) {
        return false;
    }
    return ask(attempt, request_at(model_, entrance, variant, uri));
}

/// Whether a request, or one of its branches, ends at the pass directive.
bool RouteSearch::ask(RouteAttempt& attempt, const Request& request) {
    Route& route = attempt.route;
    if (!attempt.tried.empty()) {
        if (requests_left_ == 0) {
            return false;
        }
        --requests_left_;
    }
    const Answer answer = router_.route(request);
    const bool is_certain = answer.branches.empty() && is_end(route, answer);
    // a listener of nginx itself may have taken over
    const bool passes = answer.outcome.kind != Outcome::Kind::error && has_step(answer, route.pass);
    if (is_certain || passes) {
        take(route, {request, supposed(answer)}, target_of(answer.outcome));
    }
    for (const Branch& branch : answer.branches) {
        if (is_end(route, branch)) {
            take(route, {request, branch.assumptions}, target_of(branch.outcome));
        }
    }
    if (!attempt.failing) {
        attempt.failing = failing_example(route, answer, request);
    }
    if (attempt.tried.empty() && !attempt.is_reached()) {
        attempt.tried = ending(answer, request, attempt.pass->takes_sessions());
    }
    if (!is_certain || !answer.side.empty()) {
        note(answer, request, false);
    }
    return attempt.is_reached();
}

/// Remembers where a request has gone, for ways that no request can be thought of.
void RouteSearch::note(const Answer& answer, const Request& request, bool is_beside) {
    const auto add = [&](const auto& end, const std::vector<std::string>& assumptions) {
        if (end.server == server_ && is_pass(end.outcome.kind)) {
            keep({end.location, end.block, end.outcome.kind},
                 Found{{request, assumptions}, target_of(end.outcome), is_beside});
        }
    };
    if (answer.branches.empty()) {
        add(answer, supposed(answer));
    }
    for (const Branch& branch : answer.branches) {
        add(branch, branch.assumptions);
    }
    for (const SideRequest& side : answer.side) {
        note(*side.answer, request, true);
    }
}

void RouteSearch::keep(End end, Found found) {
    const auto [known, is_new] = found_.try_emplace(end, found);
    if (!is_new && found.example.assumptions.size() < known->second.example.assumptions.size()) {
        known->second = std::move(found);
    }
}

void RouteSearch::explore(std::span<RouteAttempt> attempts, const InternalWays& ways) {
    if (!is_entered()) {
        return;
    }
    for (RouteAttempt& attempt : attempts) {
        for (const InternalWay& way : ways.to(attempt.pass->location)) {
            if (attempt.is_reached() || take_found(attempt, ways)) {
                break;
            }
            std::size_t left = max_explored_for_one;
            explore_level(way.level, left);
        }
    }
    const auto is_open = [&](RouteAttempt& attempt) {
        return !attempt.is_reached() && !take_found(attempt, ways) &&
               (ways.has_unknown() || !ways.to(attempt.pass->location).empty());
    };
    const auto opened = std::ranges::find_if(attempts, is_open);
    std::size_t left = opened == attempts.end() ? 0 : max_explored;
    for (const LocationId level : ways.senders()) {
        if (left == 0 || requests_left_ == 0) {
            break;
        }
        explore_level(level, left);
    }
    for (RouteAttempt& attempt : attempts) {
        (void)(attempt.is_reached() || take_found(attempt, ways));
    }
}

void RouteSearch::explore_level(LocationId level, std::size_t& left) {
    PassSite site;
    site.server = server_;
    site.level = site.location = level;
    for (const std::string& uri : uris_.easy(level)) {
        for (const RequestVariant& variant : request_variants(model_, site, uris_)) {
            if (left == 0 || requests_left_ == 0) {
                return;
            }
            --left;
            --requests_left_;
            const Request asked =
                request_at(model_, entrances_.front(), variant, variant.uri.value_or(uri));
            note(router_.route(asked), asked, false);
        }
    }
}

void take_failing_example(RouteAttempt& attempt) {
    if (attempt.failing) {
        attempt.route.reach = Reach::reached;
        attempt.route.example = std::move(attempt.failing);
        attempt.route.why = "nginx gets there, and has nowhere to pass it on to";
    }
}

bool RouteSearch::take_found(RouteAttempt& attempt, const InternalWays& ways) const {
    Route& route = attempt.route;
    const auto found = found_.find({route.location, route.block, outcome_of(route.kind)});
    if (found == found_.end()) {
        return false;
    }
    take(route, found->second.example, found->second.target);
    route.why = found->second.is_beside ? "as a request that nginx makes beside it"
                                        : "by an internal redirect or a rewrite";
    for (const InternalWay& way : ways.to(route.location)) {
        if (route.because.size() < max_because) {
            route.because.push_back(way.directive);
        }
    }
    return true;
}

} // namespace upstream_lint
