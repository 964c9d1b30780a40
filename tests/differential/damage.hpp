#pragma once

#include "configuration_generator.hpp"
#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

/// A directive that can be put where it may or may not stand.
struct ForeignDirective {
    std::string_view name;
    bool block = false;
    std::uint32_t good_counts = 0; ///< bit N: N arguments are right
};

struct DamageOptions {
    /// Directives of the modules that are loaded, and of those that are not.
    std::span<const ForeignDirective> known;
    std::span<const ForeignDirective> unknown;
    bool lua = false;
    std::string module_path; ///< an object that exists; may be empty
};

/// Breaks `configuration` in one to three places, or rarely in none, and notes how.
void damage(GeneratedConfiguration& configuration, Random& random, const DamageOptions& options);

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
