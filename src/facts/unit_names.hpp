#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Units that may make a socket file, by its name and its folder's: `/run/app/app.sock` gives
/// `app.service` and `app.socket`.
[[nodiscard]] std::vector<std::string> units_for_path(std::string_view path);

} // namespace upstream_lint
