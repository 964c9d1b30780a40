#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <tao/pegtl.hpp>

/// The tokens of an nginx configuration, as ngx_conf_read_token (src/core/ngx_conf_file.c) takes
/// them. Rules only: what they mean stands in src/syntax, what is said when none fits in
/// nginx_conf_errors.hpp, the same grammar for people in nginx_conf.peg.
///
/// The leaves are scanning loops over a table of byte classes, a few times the speed of a rule per
/// byte; what is built from them is ordinary PEGTL. Nesting is not the grammar's: nginx's reader
/// stops at the brace too. A leaf fails where nginx's reader would stop with an error.
namespace upstream_lint::grammar::nginx_conf {

namespace pegtl = tao::pegtl;

/// NGX_CONF_BUFFER: a word or comment, and the byte that ends it, must fit.
inline constexpr std::size_t buffer_size = 4096;

enum ByteClass : unsigned char {
    blank = 1,        // SP TAB CR LF
    ends_word = 2,    // blank ; {
    starts_none = 4,  // what no bare word starts with: blank ; { } # " '
    special = 8,      // ends_word, or \ or $: where a bare word's loop must look closer
    after_quote = 16, // blank ; { ): what may follow a closing quote
};

// clang-format off
inline constexpr std::array<unsigned char, 256> byte_classes = [] {
    std::array<unsigned char, 256> table{};
    const auto add = [&table](const char* bytes, unsigned classes) {
        for (; *bytes != '\0'; ++bytes) {
            auto& entry = table[static_cast<unsigned char>(*bytes)];
            entry = static_cast<unsigned char>(entry | classes);
        }
    };
    add(" \t\r\n", blank | ends_word | starts_none | special | after_quote);
    add(";{",      ends_word | starts_none | special | after_quote);
    add("}#\"'",   starts_none);
    add("\\$",     special);
    add(")",       after_quote);
    return table;
}();

// clang-format on

[[nodiscard]] constexpr bool is(char byte, ByteClass byte_class) noexcept {
    return (byte_classes[static_cast<unsigned char>(byte)] & byte_class) != 0;
}

/// Behind the bare word that starts at `begin`: the first byte that is not escaped and ends a word,
/// or `end`. `{` behind `$` belongs to the word, and so do further ones.
[[nodiscard]] inline const char* skip_bare(const char* begin, const char* end) noexcept {
    for (const char* p = begin; p != end;) {
        if (!is(*p, special)) {
            ++p;
        } else if (is(*p, ends_word)) {
            return p;
        } else if (*p == '\\') {
            p = end - p > 2 ? p + 2 : end;
        } else {
            ++p;
            while (p != end && *p == '{') {
                ++p;
            }
        }
    }
    return end;
}

/// The quote that closes the word opened at `open`, or `end`.
[[nodiscard]] inline const char* find_closing_quote(const char* open, const char* end) noexcept {
    const char quote = *open;
    for (const char* p = open + 1; p != end; ++p) {
        if (*p == quote) {
            return p;
        }
        if (*p == '\\' && ++p == end) {
            break;
        }
    }
    return end;
}

/// Blanks and comments; may be empty. Stops before a comment that does not fit the buffer.
struct trivia {
    using rule_t = trivia;
    using subs_t = pegtl::empty_list;

    template <typename Input> [[nodiscard]] static bool match(Input& in) noexcept {
        const char* const end = in.end();
        const char* p = in.current();
        for (;;) {
            while (p != end && is(*p, blank)) {
                ++p;
            }
            if (p == end || *p != '#') {
                break;
            }
            const auto left = static_cast<std::size_t>(end - p);
            const void* const line_end =
                std::memchr(p, '\n', left < buffer_size ? left : buffer_size);
            if (line_end != nullptr) {
                p = static_cast<const char*>(line_end) + 1;
            } else if (left <= buffer_size) {
                p = end;
            } else {
                break;
            }
        }
        in.bump(static_cast<std::size_t>(p - in.current()));
        return true;
    }
};

struct bare_word {
    using rule_t = bare_word;
    using subs_t = pegtl::empty_list;

    template <typename Input> [[nodiscard]] static bool match(Input& in) noexcept {
        const char* const begin = in.current();
        const char* const end = in.end();
        if (begin == end || is(*begin, starts_none)) {
            return false;
        }
        const char* const word_end = skip_bare(begin, end);
        const auto length = static_cast<std::size_t>(word_end - begin);
        // the byte behind a blank is read while the word still fills the buffer
        if (length >= buffer_size - 1 &&
            (length >= buffer_size || word_end == end || is(*word_end, blank))) {
            return false;
        }
        in.bump(length);
        return true;
    }
};

struct quoted_word {
    using rule_t = quoted_word;
    using subs_t = pegtl::empty_list;

    template <typename Input> [[nodiscard]] static bool match(Input& in) noexcept {
        const char* const begin = in.current();
        const char* const end = in.end();
        if (begin == end || (*begin != '"' && *begin != '\'')) {
            return false;
        }
        // opening quote, closing quote, the byte behind it and one more: inside the buffer in any
        // case
        const auto left = static_cast<std::size_t>(end - begin);
        const char* const limit = left < buffer_size - 2 ? end : begin + (buffer_size - 2);
        const char* const close = find_closing_quote(begin, limit);
        if (close == limit || (close + 1 != end && !is(close[1], after_quote))) {
            return false;
        }
        in.bump(static_cast<std::size_t>(close + 1 - begin));
        return true;
    }
};

// clang-format off
struct semicolon   : pegtl::one<';'> {};
struct open_brace  : pegtl::one<'{'> {};
struct close_brace : pegtl::one<'}'> {};

struct item        : pegtl::sor<bare_word, semicolon, quoted_word, open_brace, close_brace> {};
struct items       : pegtl::seq<trivia, pegtl::star<item, trivia>> {};

// clang-format on

} // namespace upstream_lint::grammar::nginx_conf
