#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/address.hpp"

namespace upstream_lint {

/// Whether somebody answers nginx at an address and a port. Cost: a step for each socket with that
/// port, and for each container where the address is one of theirs or belongs to nobody.
[[nodiscard]] ProbeAnswer answer_listener(const SocketAddress& address, bool is_datagram,
                                          const Perspective& perspective, const FactIndex& facts);

} // namespace upstream_lint
