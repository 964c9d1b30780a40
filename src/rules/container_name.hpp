#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"

#include <string_view>
#include <vector>

namespace upstream_lint {

/// The addresses that an engine's name server gives nginx's container for a name; empty: none that
/// is known. Cost: a step for each container of that name.
[[nodiscard]] std::vector<SocketAddress>
addresses_by_engine(std::string_view name, const Perspective& perspective, const FactIndex& facts);

/// Why nobody knows a name where nginx asks for it, if it is that of a container: it does not run,
/// it is in other networks, or nginx is where there are no such names. `unknown`: containers have
/// nothing to do with it. Cost: a step for each container of that name; where there is none, for
/// some names of the networks that nginx is in.
[[nodiscard]] ProbeAnswer answer_of_container_name(std::string_view name,
                                                   const Perspective& perspective,
                                                   const FactIndex& facts);

} // namespace upstream_lint
