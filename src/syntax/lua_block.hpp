#pragma once

#include "syntax/lua_read_window.hpp"
#include "upstream_lint/syntax.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// Where the body of a `*_by_lua_block` ends.
struct LuaBlock {
    std::uint32_t close = 0; ///< offset of its `}`; the file's size where there is none
    bool closed = false;     ///< `close` is a `}`
    /// Line ends inside that the module does not count: nginx prints smaller line numbers from here
    /// on.
    std::uint32_t uncounted_lines = 0;
    std::optional<SyntaxError> error;
};

/// Reads the Lua blocks of one file in order, as lua-nginx-module does
/// (src/ngx_http_lua_directive.c, ngx_http_lua_conf_lua_block_parse): what it makes of a body
/// depends on which bytes nginx's buffer happens to hold. Linear time over all blocks of a file.
/// Costs nothing until the first block.
class LuaReader {
public:
    explicit LuaReader(std::string_view bytes) noexcept : bytes_(bytes), window_(bytes) {}

    /// The block whose `{` stands at `open`, behind the one read before.
    [[nodiscard]] LuaBlock read(std::uint32_t open);

private:
    enum class TokenKind : std::uint8_t {
        left_brace,
        right_brace,
        long_open,
        long_comment_open,
        other, ///< a string, a comment line or `]]`: no brace in it counts
    };

    struct Token {
        TokenKind kind = TokenKind::other;
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    /// How far the search for the end of one block has come.
    struct Progress {
        std::size_t open = 0;        ///< the block's `{`
        std::size_t position = 0;    ///< behind the last token
        std::size_t last_open = 0;   ///< the `{` read last
        std::size_t level = 1;       ///< of braces
        std::uint32_t uncounted = 0; ///< line ends passed over without being counted
        std::uint32_t uncounted_at_last_open = 0;
        std::size_t one_line_to = 0; ///< no line ends between `open` and here ...
        bool one_line = true;        ///< ... nor at it
    };

    /// A string of one kind that starts in [begin, end) does not close before `limit`.
    struct OpenString {
        std::size_t begin = 0;
        std::size_t end = 0;
        std::size_t limit = 0;
    };

    enum class Ending : std::uint8_t { balanced, by_layout, none };

    [[nodiscard]] std::optional<Token> find_token(std::size_t begin, std::size_t limit);
    [[nodiscard]] std::optional<Token> token_at(std::size_t begin, std::size_t limit);
    [[nodiscard]] std::optional<std::size_t> string_end(std::size_t begin, std::size_t limit);
    [[nodiscard]] std::optional<std::size_t> long_bracket_end(const Token& open,
                                                              std::size_t limit) const;

    [[nodiscard]] std::optional<SyntaxError> read_in_window(Progress& progress);
    [[nodiscard]] std::optional<SyntaxError> next_in_window(Progress& progress, Token& token);

    [[nodiscard]] LuaBlock resume(Progress progress, const SyntaxError& error);
    [[nodiscard]] LuaBlock read_by_layout(std::uint32_t open, std::optional<SyntaxError> error);
    [[nodiscard]] Ending find_end(Progress& progress, bool by_layout);
    void pass_long_bracket(Progress& progress, const Token& open);
    [[nodiscard]] bool in_first_line(Progress& progress, std::size_t position) const;
    [[nodiscard]] bool ends_by_layout(std::size_t brace, std::size_t open) const;

    [[nodiscard]] SyntaxError make_error(SyntaxErrorKind kind, const Progress& progress,
                                         std::size_t at, std::uint32_t uncounted) const;

    std::string_view bytes_;
    ReadWindow window_;
    std::array<OpenString, 2> open_strings_{};
    bool braces_pair_up_ = true; // no block has reached the end of the file yet
    // Where the last closing long bracket of each level stands; filled when a block is damaged.
    std::optional<std::map<std::size_t, std::size_t>> last_long_close_;
};

} // namespace upstream_lint
