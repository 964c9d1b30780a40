#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

enum class TokenKind : std::uint8_t { word, quoted, semicolon, open, close, comment };

/// A token as far as damaging needs them: nginx is the judge of what it is.
struct Token {
    TokenKind kind = TokenKind::word;
    std::size_t begin = 0;
    std::size_t end = 0;
    bool head = false; ///< the first of its statement
};

[[nodiscard]] std::vector<Token> scan_tokens(std::string_view text);

} // namespace upstream_lint::differential
