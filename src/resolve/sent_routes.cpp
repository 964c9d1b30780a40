#include "resolve/sent_routes.hpp"

#include "resolve/inherited_setting.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 4> senders = {"auth_request", "mirror", "post_action",
                                                     "error_page"};

/// For which requests the directives of a level take effect, by the level and the directive's name.
using Examples = std::map<std::pair<LocationId, std::string_view>, const RouteExample*>;

/// A level takes over what stands around it, unless it has directives of that name itself.
void add_levels(Examples& examples, const Model& model, std::string_view name,
                const RouteAttempt& attempt) {
    for (LocationId level = attempt.pass->level; !level.is_none();
         level = model.location(level).parent) {
        examples.try_emplace({level, name}, &*attempt.route.example);
        if (find_setting(model, level, name) != nullptr) {
            return;
        }
    }
}

Examples examples_of(std::span<const RouteAttempt> attempts, const Model& model) {
    Examples examples;
    for (const RouteAttempt& attempt : attempts) {
        const bool goes_straight = attempt.is_reached() && attempt.route.why.empty();
        for (const std::string_view name : senders) {
            if (goes_straight) {
                add_levels(examples, model, name, attempt);
            }
        }
    }
    return examples;
}

void take_example(Route& route, const RouteExample& example, const InternalWay& way) {
    const bool needs_error = way.name == "error_page";
    route.reach = needs_error ? Reach::internal : Reach::reached;
    route.example = example;
    route.because = {way.directive};
    route.why = needs_error ? "by the error page, where that fails"
                            : "as a request that nginx makes beside it";
}

} // namespace

void take_examples_of_senders(std::span<RouteAttempt> attempts, const Model& model,
                              const InternalWays& ways) {
    if (std::ranges::all_of(attempts, [&](const RouteAttempt& attempt) {
            return attempt.is_reached() || ways.to(attempt.pass->location).empty();
        })) {
        return;
    }
    const Examples examples = examples_of(attempts, model);
    for (RouteAttempt& attempt : attempts) {
        const bool is_block = !attempt.route.block.is_none(); // that asks for more
        if (attempt.is_reached() || is_block) {
            continue;
        }
        for (const InternalWay& way : ways.to(attempt.pass->location)) {
            const auto found = examples.find({way.level, way.name});
            if (found != examples.end()) {
                take_example(attempt.route, RouteExample(*found->second), way);
                break;
            }
        }
    }
}

} // namespace upstream_lint
