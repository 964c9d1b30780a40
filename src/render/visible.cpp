#include "source/utf8.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Characters that move the cursor, turn the writing direction or have no width (Unicode: Cc, the
/// bidirectional controls of UAX 9, and their neighbours).
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

} // namespace

std::string visible(std::string_view bytes) {
    if (std::ranges::all_of(bytes, [](char c) { return c >= ' ' && c < '\x7f'; })) {
        return std::string(bytes);
    }
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        const Utf8 c = decode_utf8(bytes);
        if (c.value == '\t') {
            text += ' ';
        } else if (!c.valid || c.value < 0x80) {
            text += c.valid && !is_control(c.value)
                        ? std::string(1, bytes[0])
                        : fmt::format("\\x{:02x}", static_cast<unsigned>(c.value));
        } else if (is_control(c.value)) {
            text += fmt::format("\\u{{{:x}}}", static_cast<unsigned>(c.value));
        } else {
            text += bytes.substr(0, c.length);
        }
        bytes.remove_prefix(c.length);
    }
    return text;
}

std::string shown_path(std::string_view path, const TextStyle& style) {
    const bool below = !style.base_folder.empty() && path.size() > style.base_folder.size() &&
                       path.starts_with(style.base_folder);
    return std::string(below ? path.substr(style.base_folder.size()) : path);
}

} // namespace upstream_lint
