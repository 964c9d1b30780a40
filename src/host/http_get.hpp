#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/result.hpp"

#include <memory>
#include <string>

namespace upstream_lint {

/// The reason of an error that is an answer: there is nothing of that name.
inline constexpr const char* http_not_found = "HTTP status 404";

/// GET requests to a server behind a unix socket, over one connection. Nothing else is ever sent.
class HttpSocket {
public:
    /// What is not done by `end` is given up: ETIMEDOUT.
    HttpSocket(std::string path, Clock::time_point end);

    /// The body of an answer with the status 200, at most 64 MiB. `target` is a path with its
    /// query. Errors: what connecting gave; code 0 with the status of another answer; ENOSYS where
    /// libcurl is left out of this build or cannot be loaded. It is loaded by the first request to
    /// a socket that is there.
    [[nodiscard]] Result<std::string> get(const std::string& target);

private:
    struct State;

    Result<bool> prepare(const std::string& target);

    std::shared_ptr<State> state_;
};

} // namespace upstream_lint
