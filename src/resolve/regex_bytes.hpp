#pragma once

#include "regex/regex.hpp"
#include "resolve/automaton.hpp"

#include <cstddef>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// What of a pattern is still to be read.
class PatternCursor {
public:
    explicit PatternCursor(std::string_view pattern) : rest_(pattern) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }

    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }

    /// The byte that follows by so many; NUL behind the end.
    [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
        return ahead < rest_.size() ? rest_[ahead] : '\0';
    }

    /// The next byte, which has to be there.
    char take() {
        const char byte = rest_.front();
        rest_.remove_prefix(1);
        return byte;
    }

    void skip(std::size_t count) {
        rest_.remove_prefix(count < rest_.size() ? count : rest_.size());
    }

    /// Reads the text where it follows.
    bool take(std::string_view text) {
        const bool follows = rest_.starts_with(text);
        rest_.remove_prefix(follows ? text.size() : 0);
        return follows;
    }

private:
    std::string_view rest_;
};

/// How letters and blanks in a class are read.
struct ClassRules {
    Case letters = Case::sensitive;
    bool skips_blanks = false; ///< `(?xx)`
};

/// One byte, and with Case::insensitive the letter in its other case. Of ASCII alone, as PCRE2's
/// own tables have it.
[[nodiscard]] ByteSet bytes_like(unsigned char byte, Case letters);

/// `\d \D \s \S \w \W \h \H \v \V`, by the letter. Nothing for other letters.
[[nodiscard]] std::optional<ByteSet> bytes_of_escape(char letter);

/// Reads what stands behind a backslash where it means one byte. Nothing, and nothing is read,
/// where it means something else. A digit from 1 to 7 begins an octal number.
[[nodiscard]] std::optional<unsigned char> read_byte_escape(PatternCursor& cursor);

/// Reads a class behind its `[` (pcre2_compile.c, parse_regex). Nothing where this cannot be told,
/// as of `\p{L}`.
[[nodiscard]] std::optional<ByteSet> read_class(PatternCursor& cursor, const ClassRules& rules);

} // namespace upstream_lint
