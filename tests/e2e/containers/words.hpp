#pragma once

#include "e2e/containers/scene.hpp"

#include <string>
#include <vector>

namespace upstream_lint::test {

/// Programs of containers.
inline const Words serving = {"httpd", "-f", "-p", "80", "-h", "/www"};
inline const Words serving_itself = {"httpd", "-f", "-p", "127.0.0.1:80", "-h", "/www"};
inline const Words idle = {"sleep", "1000"};

[[nodiscard]] inline Words serving_on(std::uint16_t port) {
    return {"httpd", "-f", "-p", std::to_string(port), "-h", "/www"};
}

[[nodiscard]] inline Words with(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

/// What nginx logs.
inline const Words missing_file = {"(2: No such file or directory)"};
inline const Words timed_out = {"(110: Connection timed out)"};
inline const Words refused = {"(111: Connection refused)"};
inline const Words no_route = {"(113: No route to host)"};
/// Of connections that a proxy takes and drops; which it is depends on who is faster.
inline const Words dropped = {"(104: Connection reset by peer)",
                              "upstream prematurely closed connection"};

} // namespace upstream_lint::test
