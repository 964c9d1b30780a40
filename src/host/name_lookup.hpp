#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/facts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace upstream_lint {

/// Asks for each name as nginx does while it loads (getaddrinfo(3) with AF_UNSPEC and SOCK_STREAM;
/// core/ngx_inet.c, ngx_inet_resolve_host). The answers stand in the order of `names`.
/// `namespace_link` is the network namespace to ask from; empty: this one's. A name that takes
/// longer than `deadline`, or than `end`, is left behind.
/// Cost: 16 names at a time, one thread each.
[[nodiscard]] std::vector<NameFacts> look_up_names(const std::vector<std::string>& names,
                                                   const std::string& namespace_link,
                                                   std::chrono::milliseconds deadline,
                                                   Clock::time_point end);

} // namespace upstream_lint
