#include "syntax/tree_builder.hpp"

#include "syntax/trivia.hpp"

namespace upstream_lint {

namespace {

// What real configurations hold at most; `a;a;a;` grows from there.
constexpr std::size_t bytes_per_node = 28;
constexpr std::size_t bytes_per_word = 14;
constexpr std::size_t small_file = 16384;

constexpr std::string_view lua_suffix = "_by_lua_block";

} // namespace

TreeBuilder::TreeBuilder(std::string_view bytes) {
    tree_.bytes_ = bytes;
    tree_.nodes_.reserve(bytes.size() / bytes_per_node + 4);
    tree_.words_.reserve(bytes.size() / bytes_per_word + 8);
}

bool TreeBuilder::is_lua() const {
    const std::string_view name = tree_.unquoted(first_word());
    return name.size() > lua_suffix.size() && name.ends_with(lua_suffix);
}

bool TreeBuilder::directly_behind_open(std::uint32_t offset) const {
    if (!in_block() || open_block_ + 1 != tree_.nodes_.size()) {
        return false;
    }
    return skip_trivia(tree_.bytes_, tree_.nodes_.back().terminator + 1, offset) == offset;
}

void TreeBuilder::error(const SyntaxError& error) {
    if (tree_.errors_.size() == max_syntax_errors) {
        tree_.errors_truncated_ = true;
        return;
    }
    tree_.errors_.push_back(error);
}

void TreeBuilder::open_nameless(std::uint32_t offset) {
    mark_damaged();
    open_block(offset);
}

void TreeBuilder::lua_block(std::uint32_t offset, std::uint32_t close,
                            std::uint32_t uncounted_lines) {
    add_node(NodeKind::lua_block, offset);
    tree_.nodes_.back().close = close;
    if (uncounted_lines != 0) {
        tree_.uncounted_lines_.push_back({close, uncounted_lines});
    }
}

SyntaxTree TreeBuilder::finish() && {
    const auto size = static_cast<std::uint32_t>(tree_.bytes_.size());
    if (has_words()) {
        end_unterminated(size);
    }
    while (in_block()) {
        close_block(size);
    }
    if (tree_.bytes_.size() <= small_file) {
        // the next file gets the room that stays over, still in the processor's cache
        tree_.nodes_.shrink_to_fit();
        tree_.words_.shrink_to_fit();
    }
    return std::move(tree_);
}

} // namespace upstream_lint
