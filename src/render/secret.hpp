#pragma once

#include <string>
#include <string_view>

namespace upstream_lint {

/// Stands where a value is not shown.
inline constexpr std::string_view hidden_value = "[hidden]";

/// Whether a header, a parameter or a variable of that name holds what nobody else should read.
[[nodiscard]] bool is_secret(std::string_view name);

/// The value, hidden where the name says so. An empty one hides nothing.
[[nodiscard]] std::string without_secret(std::string_view name, std::string_view value);

} // namespace upstream_lint
