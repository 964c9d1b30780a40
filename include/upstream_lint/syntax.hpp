#pragma once

#include "upstream_lint/source.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Names a directive of one SyntaxTree: its index in preorder.
struct NodeId {
    static constexpr std::uint32_t none_value = 0xffffffffU;
    std::uint32_t value = none_value;

    [[nodiscard]] bool is_none() const noexcept { return value == none_value; }

    friend auto operator<=>(const NodeId&, const NodeId&) = default;
};

/// One word as it stands in the file, quotes included.
struct Word {
    std::uint32_t begin = 0;
    std::uint32_t length : 31 = 0;
    std::uint32_t quoted : 1 = 0; ///< opened by `"` or `'`

    [[nodiscard]] std::uint32_t end() const noexcept { return begin + length; }

    friend bool operator==(const Word&, const Word&) = default;
};

enum class NodeKind : std::uint8_t {
    simple,       ///< ended by `;`
    block,        ///< opened by `{`; its directives are its children
    lua_block,    ///< opened by `{`; its body is Lua, kept as bytes
    unterminated, ///< neither: the file or the enclosing block ended first
};

/// A directive. Its words are those from `first_word` to the next node's `first_word`; the first is
/// the name. A block that was opened without a name has none.
struct Node {
    std::uint32_t first_word = 0;
    std::uint32_t subtree_end = 0; ///< index of the first node behind this one's descendants
    std::uint32_t terminator = 0;  ///< offset of `;` or `{`; of the end where it was missing
    std::uint32_t close = 0; ///< of a block: offset of `}`, or the file's size; else `terminator`
    NodeKind kind = NodeKind::simple;
    bool damaged = false; ///< a syntax error stands inside the words, so they say little
};

enum class SyntaxErrorKind : std::uint8_t {
    unexpected_character,      ///< `unexpected "X"`
    unexpected_end,            ///< `unexpected end of file, expecting ";" or "}"`
    unclosed_block,            ///< `unexpected end of file, expecting "}"`
    too_long_word,             ///< `too long parameter "XXXXXXXXXX..." started`
    too_long_quoted,           ///< `too long parameter, probably missing terminating "X" character`
    lua_unexpected_end,        ///< a Lua block that the file's end cuts off
    lua_too_long,              ///< more bytes without a Lua token than nginx's buffer holds
    lua_unclosed_long_bracket, ///< `[[`, `--[[` without its end in nginx's buffer
};

/// What nginx's reader refuses. nginx stops at the first; reading goes on here.
struct SyntaxError {
    SyntaxErrorKind kind = SyntaxErrorKind::unexpected_character;
    std::uint32_t position = 0; ///< its place among the statements: before those that end behind it
    std::uint32_t at = 0;       ///< where nginx's reader stands: its line is the one nginx prints
    std::uint32_t begin = 0;    ///< what to show: [begin, end) is the mistake
    std::uint32_t end = 0;
    std::uint32_t related = 0; ///< of unclosed things: where they were opened; else equals `begin`

    friend bool operator==(const SyntaxError&, const SyntaxError&) = default;
};

/// Syntax errors beyond this many in one file are not recorded.
inline constexpr std::size_t max_syntax_errors = 10'000;

/// One file, lexed as nginx lexes it (src/core/ngx_conf_file.c, ngx_conf_read_token), in flat
/// arrays. Parsing never fails: there is always a tree, and errors beside it. Views point into the
/// bytes that were parsed, which the caller keeps alive. Immutable, safe to share between threads.
class SyntaxTree {
public:
    [[nodiscard]] std::string_view bytes() const noexcept { return bytes_; }

    [[nodiscard]] std::span<const Node> nodes() const noexcept { return nodes_; }

    [[nodiscard]] std::span<const Word> words() const noexcept { return words_; }

    /// Ascending by `position`.
    [[nodiscard]] std::span<const SyntaxError> errors() const noexcept { return errors_; }

    [[nodiscard]] bool errors_truncated() const noexcept { return errors_truncated_; }

    [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.value]; }

    [[nodiscard]] std::span<const Word> words(NodeId id) const noexcept {
        const std::size_t begin = nodes_[id.value].first_word;
        const std::size_t next = std::size_t{id.value} + 1;
        const std::size_t end = next < nodes_.size() ? nodes_[next].first_word : words_.size();
        return {words_.data() + begin, end - begin};
    }

    /// The name as written; empty for a block without one.
    [[nodiscard]] std::string_view raw_name(NodeId id) const;

    /// The word as written, quotes included.
    [[nodiscard]] std::string_view raw(Word word) const {
        return bytes_.substr(word.begin, word.length);
    }

    /// The word's value: without quotes, `\" \' \\ \t \r \n` replaced.
    [[nodiscard]] std::string value(Word word) const;

    /// The word without its quotes, escapes as they stand. A quoted word that the file's end cuts
    /// off has no closing quote to lose.
    [[nodiscard]] std::string_view unquoted(Word word) const {
        const std::string_view text = raw(word);
        if (!word.quoted) {
            return text;
        }
        const bool closed = text.size() > 1 && text.back() == text.front();
        return text.substr(1, text.size() - (closed ? 2 : 1));
    }

    /// An offset in the line that nginx has in mind when it stands at `at`: it does not count all
    /// lines of a long Lua block (lua-nginx-module, ngx_http_lua_conf_read_lua_token).
    [[nodiscard]] std::uint32_t nginx_offset(std::uint32_t at) const;
    /// The Lua source of a lua_block, between its braces.
    [[nodiscard]] std::string_view lua_body(NodeId id) const;

private:
    friend class TreeBuilder;

    struct UncountedLines {
        std::uint32_t close; // of the Lua block that holds them
        std::uint32_t count;
    };

    std::string_view bytes_;
    std::shared_ptr<const void> storage_; // of the nodes and words
    std::span<const Node> nodes_;
    std::span<const Word> words_;
    std::vector<SyntaxError> errors_;
    std::vector<UncountedLines> uncounted_lines_;
    bool errors_truncated_ = false;
};

/// Parses one file. `bytes` must outlive the tree and be no longer than max_file_size. Linear time;
/// memory is at most 28 bytes per two bytes of input (`a;a;a;`), some 0.8 bytes a byte of real
/// ones.
[[nodiscard]] SyntaxTree parse(std::string_view bytes);

/// The file again: tokens from the tree, and what lies between them from the bytes. Equal to the
/// bytes parsed.
[[nodiscard]] std::string print(const SyntaxTree& tree);

/// What the tree promises and does not keep, or nothing: nodes in preorder, words ascending inside
/// their directives, only blanks, comments and recorded errors between tokens.
[[nodiscard]] std::optional<std::string> verify(const SyntaxTree& tree);

/// A comment, from `#` to before its line's end.
struct Comment {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
};

/// The comments between two tokens, found from the gap [begin, end) that lies between them.
[[nodiscard]] std::vector<Comment> comments_between(std::string_view bytes, std::uint32_t begin,
                                                    std::uint32_t end);

} // namespace upstream_lint
