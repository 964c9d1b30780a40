#pragma once

#include "resolve/internal_ways.hpp"
#include "resolve/route_search.hpp"
#include "upstream_lint/model.hpp"

#include <span>

namespace upstream_lint {

/// Gives ways without an example that of another way, from which `auth_request`, `mirror`,
/// `post_action` or `error_page` sends requests on to them. Where it takes an error to be sent on,
/// the way stays `internal`. Cost: a look at the settings around each way that has an example.
void take_examples_of_senders(std::span<RouteAttempt> attempts, const Model& model,
                              const InternalWays& ways);

} // namespace upstream_lint
