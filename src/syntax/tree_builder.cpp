#include "syntax/tree_builder.hpp"

#include "source/large_pages.hpp"
#include "syntax/trivia.hpp"

#include <cstddef>
#include <memory>

namespace upstream_lint {

namespace {

// What real configurations hold at most; `a;a;a;` grows from there.
constexpr std::size_t bytes_per_node = 24;
constexpr std::size_t bytes_per_word = 10;
constexpr std::size_t small_file = 16384;

constexpr std::string_view lua_suffix = "_by_lua_block";

} // namespace

TreeBuilder::TreeBuilder(std::string_view bytes, ParseBuffers& buffers) : buffers_(buffers) {
    tree_.bytes_ = bytes;
    if (bytes.size() <= small_file) {
        nodes_.swap(buffers_.nodes);
        words_.swap(buffers_.words);
    }
    nodes_.reserve(bytes.size() / bytes_per_node + 4);
    words_.reserve(bytes.size() / bytes_per_word + 8);
    expect_filling(nodes_.data(), nodes_.capacity() * sizeof(Node));
    expect_filling(words_.data(), words_.capacity() * sizeof(Word));
}

bool TreeBuilder::is_lua() const {
    const std::string_view name = tree_.unquoted(first_word());
    return name.size() > lua_suffix.size() && name.ends_with(lua_suffix);
}

bool TreeBuilder::directly_behind_open(std::uint32_t offset) const {
    if (!in_block() || open_block_ + 1 != nodes_.size()) {
        return false;
    }
    return skip_trivia(tree_.bytes_, nodes_.back().terminator + 1, offset) == offset;
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
    nodes_.back().close = close;
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
        store_exactly();
    } else {
        using Storage = std::pair<std::vector<Node>, std::vector<Word>>;
        auto storage = std::make_shared<Storage>(std::move(nodes_), std::move(words_));
        tree_.nodes_ = storage->first;
        tree_.words_ = storage->second;
        tree_.storage_ = std::move(storage);
    }
    return std::move(tree_);
}

/// One block for both, and the room back for the next file.
void TreeBuilder::store_exactly() {
    static_assert(alignof(Node) == alignof(Word) && sizeof(Node) % alignof(Word) == 0);
    const std::size_t node_bytes = nodes_.size() * sizeof(Node);
    const std::size_t word_bytes = words_.size() * sizeof(Word);
    std::shared_ptr<char[]> storage = buffers_.store.take(node_bytes + word_bytes);
    auto* const nodes = reinterpret_cast<Node*>(storage.get());
    auto* const words = reinterpret_cast<Word*>(storage.get() + node_bytes);
    std::uninitialized_copy(nodes_.begin(), nodes_.end(), nodes);
    std::uninitialized_copy(words_.begin(), words_.end(), words);
    tree_.nodes_ = {nodes, nodes_.size()};
    tree_.words_ = {words, words_.size()};
    tree_.storage_ = std::move(storage);
    nodes_.clear();
    words_.clear();
    buffers_.nodes.swap(nodes_);
    buffers_.words.swap(words_);
}

} // namespace upstream_lint
