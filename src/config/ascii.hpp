#pragma once

#include <algorithm>
#include <string>
#include <string_view>

/// Letters as nginx takes them, which knows those of ASCII alone (src/core/ngx_string.h).
namespace upstream_lint {

/// ngx_tolower
[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

/// ngx_strlow
[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), to_lower);
    return result;
}

/// ngx_strcasecmp
[[nodiscard]] constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, to_lower, to_lower);
}

/// ngx_strncasecmp
[[nodiscard]] constexpr bool starts_ignoring_case(std::string_view text,
                                                  std::string_view prefix) noexcept {
    return equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

/// What a name of a variable is made of.
[[nodiscard]] constexpr bool is_word_character(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

} // namespace upstream_lint
