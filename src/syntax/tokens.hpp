#pragma once

#include "upstream_lint/syntax.hpp"

#include <cstdint>
#include <vector>

namespace upstream_lint {

/// Calls `take(begin, end)` for every token of the tree in file order: words, `;`, `{`, `}`, Lua
/// bodies.
template <typename Take> void for_each_token(const SyntaxTree& tree, Take take) {
    struct OpenBlock {
        std::uint32_t subtree_end;
        std::uint32_t close;
    };

    const auto size = static_cast<std::uint32_t>(tree.bytes().size());
    std::vector<OpenBlock> open_blocks;
    const auto close_blocks = [&](std::uint32_t next) {
        while (!open_blocks.empty() && open_blocks.back().subtree_end <= next) {
            if (open_blocks.back().close != size) {
                take(open_blocks.back().close, open_blocks.back().close + 1);
            }
            open_blocks.pop_back();
        }
    };
    for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        close_blocks(i);
        const Node& node = tree.nodes()[i];
        for (const Word& word : tree.words(NodeId{i})) {
            take(word.begin, word.end());
        }
        if (node.kind != NodeKind::unterminated) {
            take(node.terminator, node.terminator + 1);
        }
        if (node.kind == NodeKind::lua_block) {
            take(node.terminator + 1, node.close);
        }
        if (node.kind == NodeKind::block || node.kind == NodeKind::lua_block) {
            open_blocks.push_back({node.subtree_end, node.close});
        }
    }
    close_blocks(static_cast<std::uint32_t>(tree.nodes().size()));
}

} // namespace upstream_lint
