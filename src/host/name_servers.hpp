#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/facts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace upstream_lint {

/// A question to a name server.
struct DnsQuestion {
    std::string resolver; ///< as `resolver` has it; for the answer
    SocketAddress server; ///< its address and port
    std::string name;
    std::string service; ///< SRV records are asked for; empty: A and AAAA
};

/// Asks each name server itself: no search list, no hosts file (as nginx does:
/// core/ngx_resolver.c). What SRV records name is asked for in a second round. Two answers for each
/// question, of A and AAAA, or one of SRV, in the order of `questions`. Called from the network
/// namespace to ask from. Cost: 64 open questions to a server; a silent one costs one `deadline`.
[[nodiscard]] std::vector<DnsAnswer> ask_name_servers(const std::vector<DnsQuestion>& questions,
                                                      std::chrono::milliseconds deadline,
                                                      Clock::time_point end);

} // namespace upstream_lint
