#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/facts.hpp"

namespace upstream_lint {

/// What a connection that was tried adds to what the tables of listeners say of an address. Where
/// one cannot tell the whole of it the other does: Linux makes connections for programs that do not
/// answer, and a table does not show what filters packets.
[[nodiscard]] ProbeAnswer answer_connection(const SocketAddress& address,
                                            const ConnectFacts& connect, ProbeAnswer tables,
                                            const Perspective& perspective, const FactIndex& facts);

} // namespace upstream_lint
