#pragma once

#include <cstddef>
#include <string_view>

namespace upstream_lint::bench {

struct TokenCounts {
    std::size_t words = 0;
    std::size_t semicolons = 0;
    std::size_t opening_braces = 0;
    std::size_t closing_braces = 0;

    friend bool operator==(const TokenCounts&, const TokenCounts&) = default;
};

/// The yardstick of parsing: what a loop written by hand over a table of 256 byte classes needs to
/// find the tokens of a well-formed configuration. It counts them and does nothing else: no tree,
/// no errors, no limit of a word's length, no look at the byte behind a closing quote.
[[nodiscard]] TokenCounts count_tokens(std::string_view bytes) noexcept;

} // namespace upstream_lint::bench
