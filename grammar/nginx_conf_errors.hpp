#pragma once

#include "nginx_conf.hpp"

#include <cstddef>

/// Why no rule of nginx_conf.hpp takes the next token, and how far it reaches in nginx's reading.
namespace upstream_lint::grammar::nginx_conf {

enum class Blame : unsigned char {
    end_of_file,      // nothing is left
    empty_statement,  // `;` without a word
    nameless_block,   // `{` without a word
    stray_close,      // `}` inside a statement, or where no block is open
    long_comment,     // more than the buffer holds
    long_word,        // the same for a word
    unclosed_quote,   // the file ends first
    long_quoted,      // the buffer ends first
    byte_after_quote, // something else than blank ; { )
    unfinished_word,  // a bare word that only just does not fit, at the end of the file
};

/// What stands at `begin`, where `items` stopped. `token_end` is set to the end of what nginx would
/// have taken for the token.
[[nodiscard]] inline Blame blame(const char* begin, const char* end,
                                 const char*& token_end) noexcept {
    token_end = begin;
    if (begin == end) {
        return Blame::end_of_file;
    }
    token_end = begin + 1;
    const auto left = static_cast<std::size_t>(end - begin);
    switch (*begin) {
    case ';':
        return Blame::empty_statement;
    case '{':
        return Blame::nameless_block;
    case '}':
        return Blame::stray_close;
    case '#': {
        const void* const line_end = std::memchr(begin, '\n', left);
        token_end = line_end == nullptr ? end : static_cast<const char*>(line_end);
        return Blame::long_comment;
    }
    case '"':
    case '\'': {
        const char* const text = begin + 1;
        const char* const limit = left - 1 > buffer_size ? text + buffer_size : end;
        const char* const close = find_closing_quote(begin, limit);
        if (close == limit) {
            token_end = limit;
            return limit == end ? Blame::unclosed_quote : Blame::long_quoted;
        }
        token_end = close + 1;
        if (token_end == limit && limit != end) {
            return Blame::long_word;
        }
        if (token_end == end) {
            return Blame::unfinished_word;
        }
        if (!is(*token_end, after_quote)) {
            return Blame::byte_after_quote;
        }
        // the byte behind the blank is read while the word still fills the buffer
        const bool fits = token_end + 1 != limit || !is(*token_end, blank) || limit == end;
        return fits ? Blame::unfinished_word : Blame::long_word;
    }
    default:
        token_end = skip_bare(begin, end);
        return left > buffer_size ? Blame::long_word : Blame::unfinished_word;
    }
}

} // namespace upstream_lint::grammar::nginx_conf
