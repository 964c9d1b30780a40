#pragma once

#include "config/blocks.hpp"
#include "model/word_reader.hpp"
#include "upstream_lint/model.hpp"

#include <unordered_map>
#include <vector>

namespace upstream_lint {

/// The servers of a model by their blocks.
using ServerIds = std::unordered_map<const Scope*, ServerId>;

/// What the servers of a configuration listen on. The views are of what the blocks and `words`
/// keep.
[[nodiscard]] std::vector<Listener> listeners_of(const Blocks& blocks, const ServerIds& servers,
                                                 WordReader& words);

} // namespace upstream_lint
