#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"

#include <string_view>

namespace upstream_lint {

/// Whether nginx's workers can connect to the unix socket at a path. Cost: a step for each part of
/// the path and each file beside it.
[[nodiscard]] ProbeAnswer answer_unix_socket(std::string_view path, bool is_datagram,
                                             const Perspective& perspective,
                                             const FactIndex& facts);

} // namespace upstream_lint
