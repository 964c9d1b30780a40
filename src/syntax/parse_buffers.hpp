#pragma once

#include "upstream_lint/syntax.hpp"

#include <string_view>
#include <vector>

namespace upstream_lint {

/// Room in which the trees of small files are built, one after the other, on one thread: each tree
/// then takes what it needs and no more.
struct ParseBuffers {
    std::vector<Node> nodes;
    std::vector<Word> words;
    ByteStore store;
};

/// The same tree as without buffers. They may be used again at once.
[[nodiscard]] SyntaxTree parse(std::string_view bytes, ParseBuffers& buffers);

} // namespace upstream_lint
