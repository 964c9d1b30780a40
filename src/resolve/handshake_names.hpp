#pragma once

#include "upstream_lint/model.hpp"

#include <string>
#include <vector>

namespace upstream_lint {

/// Names of servers in TLS handshakes that the maps of `stream` tell apart, each once, in lower
/// case: of a wildcard or a pattern one that it is likely to stand for; last one that no map knows.
/// Of a large configuration the first max_handshake_names. Cost: a look at each line of those maps.
[[nodiscard]] std::vector<std::string> handshake_names(const Model& model);

inline constexpr std::size_t max_handshake_names = 10'000;

} // namespace upstream_lint
