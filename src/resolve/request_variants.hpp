#pragma once

#include "resolve/location_uris.hpp"
#include "resolve/pass_list.hpp"
#include "resolve/script.hpp"
#include "upstream_lint/model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {

/// What a request can have that is unlike others.
struct RequestVariant {
    std::string method = "GET";
    std::string args;
    std::optional<std::string> uri;  ///< in place of any other
    std::optional<std::string> host; ///< the same

    friend bool operator==(const RequestVariant&, const RequestVariant&) = default;
};

/// Requests that may get to a pass directive where simple ones do not: what the conditions of its
/// location and server ask for, and methods that `limit_except` limits or lets through. Simple ones
/// first. Cost: a language for each pattern in a condition.
[[nodiscard]] std::vector<RequestVariant> request_variants(const Model& model, const PassSite& pass,
                                                           LocationUris& uris);

} // namespace upstream_lint
