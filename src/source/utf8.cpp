#include "source/utf8.hpp"

namespace upstream_lint {

Utf8 decode_utf8(std::string_view bytes) {
    const auto at = [&bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) {
        return {first, 1, true};
    }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (first < 0xc2 || first > 0xf4 || bytes.size() < length) {
        return {first, 1, false};
    }
    char32_t value = first & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((at(i) & 0xc0U) != 0x80U) {
            return {first, 1, false};
        }
        value = value << 6U | (at(i) & 0x3fU);
    }
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    if (value < least[length] || value > 0x10ffff || surrogate) {
        return {first, 1, false};
    }
    return {value, length, true};
}

std::string to_utf8(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const Utf8 c = decode_utf8(bytes);
        if (c.valid) {
            text += bytes.substr(0, c.length);
        } else {
            text += static_cast<char>(0xc0U | c.value >> 6U);
            text += static_cast<char>(0x80U | (c.value & 0x3fU));
        }
        bytes.remove_prefix(c.length);
    }
    return text;
}

} // namespace upstream_lint
