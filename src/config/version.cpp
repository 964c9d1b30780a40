#include "upstream_lint/nginx_build.hpp"

#include <charconv>

namespace upstream_lint {
namespace {

/// Takes a decimal number off the front of `text`.
std::optional<std::uint16_t> take_number(std::string_view& text) noexcept {
    std::size_t digits = 0;
    while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9')
        ++digits;
    // A bound on the length, so that a long row of zeros is no version either.
    if (digits == 0 || digits > 5)
        return std::nullopt;
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, value);
    if (error != std::errc{})
        return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

bool take_dot(std::string_view& text) noexcept {
    if (text.empty() || text.front() != '.')
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

std::optional<Version> parse_version(std::string_view text) noexcept {
    const auto major = take_number(text);
    if (!major || !take_dot(text))
        return std::nullopt;
    const auto minor = take_number(text);
    if (!minor || !take_dot(text))
        return std::nullopt;
    const auto patch = take_number(text);
    if (!patch || !text.empty())
        return std::nullopt;
    return Version{*major, *minor, *patch};
}

std::string to_string(Version version) {
    return std::to_string(version.major) + '.' + std::to_string(version.minor) + '.' +
           std::to_string(version.patch);
}

} // namespace upstream_lint
