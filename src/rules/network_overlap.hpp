#pragma once

#include "upstream_lint/facts.hpp"

namespace upstream_lint {

/// The interface of the host, other than the bridges of engines, whose network has an address, too,
/// that a network of an engine has: Linux knows one way to it, and the other network loses. Null:
/// there is none. Cost: a step for each address of the host.
[[nodiscard]] const InterfaceAddress* find_overlap(const EngineNetwork& network,
                                                   const NetworkNamespace& host,
                                                   const SocketAddress& address);

} // namespace upstream_lint
