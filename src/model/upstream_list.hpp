#pragma once

#include "config/blocks.hpp"
#include "model/word_reader.hpp"
#include "upstream_lint/model.hpp"

#include <vector>

namespace upstream_lint {

/// The upstreams of `http`, then those of `stream`. The views are of what the blocks and `words`
/// keep.
[[nodiscard]] std::vector<Upstream> upstreams_of(const Blocks& blocks, WordReader& words);

} // namespace upstream_lint
