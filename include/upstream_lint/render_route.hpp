#pragma once

#include "upstream_lint/render.hpp"
#include "upstream_lint/resolution.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A request, and what its sender calls it.
struct RouteRequest {
    Request request;
    std::string id = "null"; ///< JSON: a text, a number or null
};

/// What is wrong with a line of requests.
struct RequestProblem {
    LineColumn place;
    std::string message; ///< bytes of the input stand as they are
};

struct ParsedRequests {
    std::vector<RouteRequest> requests; ///< of the lines that are right, in their order
    std::vector<RequestProblem> problems;
};

/// Reads requests as JSON, one a line (docs/route.md). Lines of blanks alone count for nothing.
/// Never throws for anything in the input.
[[nodiscard]] ParsedRequests parse_requests(std::string_view lines);

/// A field of a request by its name in JSON, and what is wrong with it.
struct FieldProblem {
    std::string field;
    std::string message; ///< bytes of the input stand as they are
};

/// What is in a request that no client could mean: a URL or an address that is none.
[[nodiscard]] std::optional<FieldProblem> find_problem(const Request& request);

/// For people: the way of a request step by step, what ends it, and what depends on what. With
/// `why` also the servers and locations that might have been chosen, and why they were or were not.
/// The answer has to be one for this request and model. Values that look like secrets are hidden.
[[nodiscard]] std::string render_route_text(const Answer& answer, const Request& request,
                                            const Model& model, const TextStyle& style,
                                            bool why = false);

/// docs/schema/route-1.json. `indent` blanks a level; 0 gives one line. Values that look like
/// secrets are hidden.
[[nodiscard]] std::string render_route_json(const Answer& answer, const RouteRequest& request,
                                            const Model& model, const TextStyle& style,
                                            unsigned indent = 0);

} // namespace upstream_lint
