#pragma once

#include "rules/fact_index.hpp"
#include "upstream_lint/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A socket that listens where nginx does not look.
struct SimilarSocket {
    std::string path;
    const UnixSocket* socket = nullptr;
};

/// The sockets that may be meant by a path at which nothing is: those beside it that are called
/// nearly the same (`php8.2-fpm.sock` for `php8.1-fpm.sock`), else those of pools of PHP-FPM where
/// the path is one of PHP's. Each of them listens. Cost: a step for each file beside it and, up to
/// a limit, each pool.
[[nodiscard]] std::vector<SimilarSocket>
similar_sockets(const PathFacts& missing, UnixSocket::Type type, const FactIndex& facts);

} // namespace upstream_lint
