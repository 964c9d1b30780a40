#pragma once

#include "syntax/parse_buffers.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

/// Takes the tokens of one file in order and builds its tree. The open blocks are an explicit
/// stack, linked through `subtree_end`, which nobody needs before a block ends. Functions that
/// return bool refuse what the place does not allow and change nothing then.
class TreeBuilder {
public:
    /// The buffers outlive the builder.
    TreeBuilder(std::string_view bytes, ParseBuffers& buffers);

    void word(std::uint32_t begin, std::uint32_t end, bool quoted) {
        words_.push_back({.begin = begin, .length = (end - begin) & 0x7fffffffU, .quoted = quoted});
    }

    [[nodiscard]] bool semicolon(std::uint32_t offset) {
        if (!has_words()) {
            return false;
        }
        add_node(NodeKind::simple, offset);
        return true;
    }

    [[nodiscard]] bool open(std::uint32_t offset) {
        if (!has_words() || is_lua()) {
            return false;
        }
        open_block(offset);
        return true;
    }

    [[nodiscard]] bool close(std::uint32_t offset) {
        if (has_words() || !in_block()) {
            return false;
        }
        close_block(offset);
        return true;
    }

    /// Words of a statement that has not ended yet.
    [[nodiscard]] bool has_words() const noexcept { return words_.size() != first_word_; }

    /// The statement's body would be Lua.
    [[nodiscard]] bool is_lua() const;

    [[nodiscard]] const Word& first_word() const { return words_[first_word_]; }

    [[nodiscard]] bool in_block() const noexcept { return open_block_ != NodeId::none_value; }

    /// Only blanks and comments lie between the `{` of the block opened last and `offset`.
    [[nodiscard]] bool directly_behind_open(std::uint32_t offset) const;

    void error(const SyntaxError& error);

    /// The statement's words say little: a syntax error stands inside.
    void mark_damaged() noexcept { damaged_ = true; }

    /// Ends a statement whose `;` is missing.
    void end_unterminated(std::uint32_t offset) { add_node(NodeKind::unterminated, offset); }

    void open_nameless(std::uint32_t offset);
    void lua_block(std::uint32_t offset, std::uint32_t close, std::uint32_t uncounted_lines);

    /// Ends what is still open at the end of the file and gives the tree away.
    [[nodiscard]] SyntaxTree finish() &&;

private:
    void add_node(NodeKind kind, std::uint32_t offset) {
        const auto index = static_cast<std::uint32_t>(nodes_.size());
        nodes_.push_back({.first_word = first_word_,
                          .subtree_end = index + 1,
                          .terminator = offset,
                          .close = offset,
                          .kind = kind,
                          .damaged = damaged_});
        first_word_ = static_cast<std::uint32_t>(words_.size());
        damaged_ = false;
    }

    void open_block(std::uint32_t offset) {
        const auto index = static_cast<std::uint32_t>(nodes_.size());
        add_node(NodeKind::block, offset);
        nodes_.back().subtree_end = std::exchange(open_block_, index);
    }

    void close_block(std::uint32_t offset) {
        Node& block = nodes_[open_block_];
        block.close = offset;
        open_block_ = std::exchange(block.subtree_end, static_cast<std::uint32_t>(nodes_.size()));
    }

    void store_exactly();

    SyntaxTree tree_;
    std::vector<Node> nodes_;
    std::vector<Word> words_;
    ParseBuffers& buffers_;
    std::uint32_t open_block_ = NodeId::none_value; // the innermost
    std::uint32_t first_word_ = 0;
    bool damaged_ = false;
};

} // namespace upstream_lint
