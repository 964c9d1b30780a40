#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace upstream_lint {

/// The first character of some bytes (RFC 3629), or its first byte where that is no UTF-8.
struct Utf8 {
    char32_t value = 0;
    std::size_t length = 1; ///< bytes
    bool valid = true;
};

/// `bytes` must not be empty.
[[nodiscard]] Utf8 decode_utf8(std::string_view bytes);

/// For JSON: bytes that are no UTF-8 stand as U+0080 to U+00FF.
[[nodiscard]] std::string to_utf8(std::string_view bytes);

} // namespace upstream_lint
