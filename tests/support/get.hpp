#pragma once

#include <cstdint>
#include <string>

namespace upstream_lint::test {

struct LiveAnswer {
    int status = 0;   ///< 0: no answer
    std::string text; ///< all of it
};

/// GET of a path at 127.0.0.1.
[[nodiscard]] LiveAnswer get(std::uint16_t port, const std::string& path);

/// POST of a body, likewise.
[[nodiscard]] LiveAnswer post(std::uint16_t port, const std::string& path, const std::string& body);

} // namespace upstream_lint::test
