#pragma once

#include <cstdint>
#include <string_view>

namespace upstream_lint {

/// The first byte of [begin, end) that is neither blank nor inside a comment, or `end`.
[[nodiscard]] std::uint32_t skip_trivia(std::string_view bytes, std::uint32_t begin,
                                        std::uint32_t end);

} // namespace upstream_lint
