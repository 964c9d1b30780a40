#include "syntax/lua_block.hpp"

#include "lua_tokens.hpp"
#include "nginx_conf.hpp"

#include <algorithm>
#include <string>

namespace upstream_lint {

namespace {

namespace rules = grammar::lua_tokens;
namespace pegtl = tao::pegtl;

constexpr std::size_t buffer_size = grammar::nginx_conf::buffer_size;

/// Behind what `Rule` takes at `begin` when the bytes end at `limit`.
template <typename Rule>
std::optional<std::size_t> match(std::string_view bytes, std::size_t begin, std::size_t limit) {
    pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf> in(bytes.data() + begin,
                                                                       bytes.data() + limit, "");
    if (!pegtl::parse<Rule>(in)) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(in.current() - bytes.data());
}

std::uint32_t count_lines(std::string_view text) {
    return static_cast<std::uint32_t>(std::ranges::count(text, '\n'));
}

/// The place of the long bracket in a token that opens one.
std::size_t bracket_of(std::string_view bytes, std::size_t token_begin) {
    return bytes.find('[', token_begin);
}

std::map<std::size_t, std::size_t> index_long_closes(std::string_view bytes) {
    std::map<std::size_t, std::size_t> last;
    std::size_t first = bytes.find(']');
    while (first != std::string_view::npos) {
        const std::size_t second = bytes.find_first_not_of('=', first + 1);
        if (second != std::string_view::npos && bytes[second] == ']') {
            last.insert_or_assign(second - first - 1, first);
        }
        first = bytes.find(']', first + 1);
    }
    return last;
}

} // namespace

std::optional<LuaReader::Token> LuaReader::find_token(std::size_t begin, std::size_t limit) {
    for (std::size_t p = begin; p < limit; ++p) {
        if (rules::starts_none[static_cast<unsigned char>(bytes_[p])]) {
            continue;
        }
        if (const std::optional<Token> token = token_at(p, limit)) {
            return token;
        }
    }
    return std::nullopt;
}

std::optional<LuaReader::Token> LuaReader::token_at(std::size_t begin, std::size_t limit) {
    TokenKind kind = TokenKind::other;
    std::optional<std::size_t> end;
    switch (bytes_[begin]) {
    case '{':
        kind = TokenKind::left_brace;
        end = begin + 1;
        break;
    case '}':
        kind = TokenKind::right_brace;
        end = begin + 1;
        break;
    case '[':
        kind = TokenKind::long_open;
        end = match<rules::long_open>(bytes_, begin, limit);
        break;
    case ']':
        end = match<rules::long_close>(bytes_, begin, limit);
        break;
    case '-':
        end = match<rules::long_comment_open>(bytes_, begin, limit);
        if (end) {
            kind = TokenKind::long_comment_open;
        } else {
            end = match<rules::comment_line>(bytes_, begin, limit);
        }
        break;
    default:
        end = string_end(begin, limit);
    }
    if (!end) {
        return std::nullopt;
    }
    return Token{.kind = kind, .begin = begin, .end = *end};
}

std::optional<std::size_t> LuaReader::string_end(std::size_t begin, std::size_t limit) {
    const bool is_double = bytes_[begin] == '"';
    OpenString& known = open_strings_[is_double ? 1 : 0];
    if (known.limit == limit && known.begin <= begin && begin < known.end) {
        return std::nullopt;
    }
    const std::optional<std::size_t> end = is_double
                                               ? match<rules::double_quoted>(bytes_, begin, limit)
                                               : match<rules::single_quoted>(bytes_, begin, limit);
    if (!end) {
        // All further quotes of this line are escaped, seen from here; a string that starts at one
        // of them sees the rest of the line alike. Without this a line of `\"` costs its square.
        known = {.begin = begin, .end = std::min(bytes_.find('\n', begin), limit), .limit = limit};
    }
    return end;
}

std::optional<std::size_t> LuaReader::long_bracket_end(const Token& open, std::size_t limit) const {
    std::string closing(
        bytes_.substr(bracket_of(bytes_, open.begin), open.end - bracket_of(bytes_, open.begin)));
    closing.front() = ']';
    closing.back() = ']';
    const std::size_t found = bytes_.substr(0, limit).find(closing, open.end);
    if (found == std::string_view::npos) {
        return std::nullopt;
    }
    return found + closing.size();
}

LuaBlock LuaReader::read(std::uint32_t open) {
    if (!braces_pair_up_) {
        return read_by_layout(open, std::nullopt);
    }
    window_.read_statements(std::size_t{open} + 1);
    Progress progress{.open = open, .position = std::size_t{open} + 1, .last_open = open};
    if (const std::optional<SyntaxError> error = read_in_window(progress)) {
        return resume(progress, *error);
    }
    window_.skip_to(progress.position);
    return {.close = static_cast<std::uint32_t>(progress.position - 1),
            .closed = true,
            .uncounted_lines = progress.uncounted,
            .error = std::nullopt};
}

/// ngx_http_lua_conf_lua_block_parse: up to behind the block's `}`.
std::optional<SyntaxError> LuaReader::read_in_window(Progress& progress) {
    while (progress.level > 0) {
        Token token;
        if (auto error = next_in_window(progress, token)) {
            return error;
        }
        if (token.kind == TokenKind::left_brace) {
            ++progress.level;
            progress.last_open = token.begin;
            progress.uncounted_at_last_open = progress.uncounted;
        } else if (token.kind == TokenKind::right_brace) {
            --progress.level;
        }
    }
    return std::nullopt;
}

/// ngx_http_lua_conf_read_lua_token. Long brackets are taken as a whole.
std::optional<SyntaxError> LuaReader::next_in_window(Progress& progress, Token& token) {
    const std::size_t entry = progress.position;
    const std::uint32_t uncounted_at_entry = progress.uncounted;
    const auto unexpected_end = [&] {
        return make_error(SyntaxErrorKind::lua_unexpected_end, progress, progress.last_open,
                          progress.uncounted_at_last_open);
    };
    const auto too_long = [&] {
        progress.position = entry;
        return make_error(SyntaxErrorKind::lua_too_long, progress, entry, uncounted_at_entry);
    };
    std::size_t start = entry; // what a refill keeps
    std::optional<Token> found;
    for (;;) {
        const std::size_t held = window_.end() - std::min(progress.position, window_.end());
        if (held == 0 || (held < buffer_size / 2 && !window_.at_end_of_file())) {
            if (window_.at_end_of_file()) {
                return unexpected_end();
            }
            if (window_.is_full(start)) {
                return too_long();
            }
            window_.refill(start);
        }
        found = find_token(progress.position, window_.end());
        if (found) {
            break;
        }
        if (window_.at_end_of_file()) {
            return unexpected_end();
        }
        start = progress.position;
        if (window_.is_full(start)) {
            return too_long();
        }
        // The search goes on with the new bytes only: a token that the window cut in two is missed,
        // and the lines passed are not counted.
        progress.position = window_.end();
        progress.uncounted += count_lines(bytes_.substr(start, progress.position - start));
        window_.refill(start);
    }
    token = *found;
    if (token.kind == TokenKind::long_open || token.kind == TokenKind::long_comment_open) {
        const std::optional<std::size_t> end = long_bracket_end(token, window_.end());
        if (!end) {
            SyntaxError error = make_error(SyntaxErrorKind::lua_unclosed_long_bracket, progress,
                                           token.begin, progress.uncounted);
            error.begin = static_cast<std::uint32_t>(bracket_of(bytes_, token.begin));
            error.end = static_cast<std::uint32_t>(token.end);
            pass_long_bracket(progress, token);
            return error;
        }
        token.end = *end;
    }
    progress.position = token.end;
    return std::nullopt;
}

/// Goes on behind an error as if nginx's buffer held the whole file.
LuaBlock LuaReader::resume(Progress progress, const SyntaxError& error) {
    const auto open = static_cast<std::uint32_t>(progress.open);
    if (error.kind == SyntaxErrorKind::lua_unexpected_end ||
        find_end(progress, false) == Ending::none) {
        // Looking for the end of every further block up to the end of the file would take too long.
        braces_pair_up_ = false;
        return read_by_layout(open, error);
    }
    window_.restart(progress.position);
    return {.close = static_cast<std::uint32_t>(progress.position - 1),
            .closed = true,
            .uncounted_lines = 0,
            .error = error};
}

/// A block whose braces cannot be trusted: it also ends at a `}` that stands where its own one
/// should.
LuaBlock LuaReader::read_by_layout(std::uint32_t open, std::optional<SyntaxError> error) {
    Progress progress{.open = open, .position = std::size_t{open} + 1, .last_open = open};
    const Ending ending = find_end(progress, true);
    if (ending != Ending::balanced && !error) {
        error = make_error(SyntaxErrorKind::lua_unexpected_end, progress, progress.last_open, 0);
    }
    const bool closed = ending != Ending::none;
    return {.close = static_cast<std::uint32_t>(closed ? progress.position - 1 : bytes_.size()),
            .closed = closed,
            .uncounted_lines = 0,
            .error = error};
}

/// Leaves `progress.position` behind the `}` that ends the block.
LuaReader::Ending LuaReader::find_end(Progress& progress, bool by_layout) {
    while (const std::optional<Token> token = find_token(progress.position, bytes_.size())) {
        progress.position = token->end;
        switch (token->kind) {
        case TokenKind::left_brace:
            ++progress.level;
            progress.last_open = token->begin;
            break;
        case TokenKind::right_brace:
            if (--progress.level == 0) {
                return Ending::balanced;
            }
            if (by_layout && ends_by_layout(token->begin, progress.open)) {
                return Ending::by_layout;
            }
            break;
        case TokenKind::long_open:
        case TokenKind::long_comment_open:
            pass_long_bracket(progress, *token);
            break;
        case TokenKind::other:
            break;
        }
    }
    return Ending::none;
}

/// Behind the long bracket where it ends at all. Else its author forgot to close it in its line, in
/// which a `}` counts only if the whole block is written there.
void LuaReader::pass_long_bracket(Progress& progress, const Token& open) {
    if (!last_long_close_) {
        last_long_close_ = index_long_closes(bytes_);
    }
    const std::size_t level = open.end - bracket_of(bytes_, open.begin) - 2;
    const auto last = last_long_close_->find(level);
    if (last != last_long_close_->end() && last->second >= open.end) {
        progress.position = long_bracket_end(open, bytes_.size()).value_or(open.end);
    } else if (in_first_line(progress, open.begin)) {
        progress.position = open.end;
    } else {
        progress.position = std::min(bytes_.find('\n', open.end), bytes_.size());
    }
}

/// The positions asked for ascend, so that all answers together take one look at the bytes.
bool LuaReader::in_first_line(Progress& progress, std::size_t position) const {
    if (progress.one_line) {
        const std::size_t begin = std::max(progress.one_line_to, progress.open);
        progress.one_line =
            bytes_.substr(begin, position - begin).find('\n') == std::string_view::npos;
        progress.one_line_to = position;
    }
    return progress.one_line;
}

/// The brace is the first in its line and not further in than the line in which the block was
/// opened.
bool LuaReader::ends_by_layout(std::size_t brace, std::size_t open) const {
    constexpr std::string_view blanks = " \t";
    const auto line_begin = [this](std::size_t p) { return bytes_.find_last_of('\n', p) + 1; };
    const std::size_t before = bytes_.find_last_not_of(blanks, brace - 1);
    if (before == std::string_view::npos || bytes_[before] != '\n') {
        return false;
    }
    const std::size_t first = line_begin(open);
    return brace - before - 1 <= bytes_.find_first_not_of(blanks, first) - first;
}

SyntaxError LuaReader::make_error(SyntaxErrorKind kind, const Progress& progress, std::size_t at,
                                  std::uint32_t uncounted) const {
    // nginx's count of lines lags behind by those of the block that were not counted
    std::size_t line = at;
    for (std::uint32_t lag = uncounted; lag > 0; --lag) {
        line = bytes_.find_last_of('\n', line - 1);
    }
    return {.kind = kind,
            .position = static_cast<std::uint32_t>(progress.open + 1),
            .at = static_cast<std::uint32_t>(line),
            .begin = static_cast<std::uint32_t>(at),
            .end = static_cast<std::uint32_t>(std::min(at + 1, bytes_.size())),
            .related = static_cast<std::uint32_t>(progress.open)};
}

} // namespace upstream_lint
