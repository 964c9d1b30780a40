#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/facts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace upstream_lint {

struct ConnectTarget {
    std::string text;                     ///< `127.0.0.1:80`, `unix:/run/app.sock`
    std::optional<SocketAddress> address; ///< none: of a unix socket
    std::string path;                     ///< of a unix socket
};

/// Connects to each target from the calling thread's network namespace and closes at once; paths
/// are those below `root` (empty: `/`). Nothing is sent. The answers stand in the order of
/// `targets`, what connect(2) gave in `error`.
/// Cost: up to 1024 at once, so that all who are silent cost one `deadline`; nobody is waited for
/// beyond `end`.
[[nodiscard]] std::vector<ConnectFacts> connect_to(const std::vector<ConnectTarget>& targets,
                                                   const std::string& root,
                                                   std::chrono::milliseconds deadline,
                                                   Clock::time_point end);

} // namespace upstream_lint
