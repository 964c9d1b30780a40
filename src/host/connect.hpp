#pragma once

#include "host/bounded.hpp"
#include "host/conversation.hpp"
#include "upstream_lint/facts.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {

struct ConnectTarget {
    std::string text;                     ///< `127.0.0.1:80`, `unix:/run/app.sock`
    std::optional<SocketAddress> address; ///< none: of a unix socket
    std::string path;                     ///< of a unix socket
    /// What is said on the connection; its `tls` is not looked at. None: nothing.
    std::optional<Script> script{};
};

struct ConnectLimits {
    std::chrono::milliseconds connect; ///< for a connection
    std::chrono::milliseconds answer;  ///< for all that is said on it
    Clock::time_point end;             ///< nobody is waited for beyond it
};

/// Connects to each target from the calling thread's network namespace, says what there is to say
/// and closes; paths, also of certificates, are those below `root` (empty: `/`). The answers stand
/// in the order of `targets`, what connect(2) gave in `error`.
/// Cost: up to 1024 at once, so that all who are silent cost the deadlines of one; at most 8 KiB of
/// an answer are read, and certificates once for each kind of handshake.
[[nodiscard]] std::vector<ConnectFacts> connect_to(const std::vector<ConnectTarget>& targets,
                                                   const std::string& root,
                                                   const ConnectLimits& limits);

} // namespace upstream_lint
