#pragma once

#include <string>
#include <string_view>

namespace upstream_lint {

/// Text as one word of a POSIX shell, quoted where it has to be.
[[nodiscard]] std::string shell_word(std::string_view text);

} // namespace upstream_lint
