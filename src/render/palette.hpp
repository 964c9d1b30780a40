#pragma once

#include "upstream_lint/render.hpp"

#include <string_view>

namespace upstream_lint {

/// What turns a terminal's colours on and off; empty where there are none.
struct Palette {
    std::string_view error, warning, info, strong, dim, reset;
};

[[nodiscard]] constexpr Palette palette_of(const TextStyle& style) {
    return style.color
               ? Palette{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;36m", "\x1b[1m", "\x1b[2m", "\x1b[0m"}
               : Palette{"", "", "", "", "", ""};
}

} // namespace upstream_lint
