#pragma once

#include "upstream_lint/result.hpp"

#include <optional>
#include <string>

namespace upstream_lint {

/// Moves the calling thread, for the rest of its life, into the network namespace behind `link`
/// (`/proc/812/ns/net`; setns(2)). Nothing when it went well.
[[nodiscard]] std::optional<Error> enter_network_namespace(const std::string& link);

/// Whether this process may do that. Tried in a thread that ends.
[[nodiscard]] bool may_enter_network_namespace(const std::string& link);

} // namespace upstream_lint
