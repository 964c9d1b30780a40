#pragma once

#include <string>
#include <vector>

namespace upstream_lint {

/// Units that may make a socket file, by its name and its folder's: `/run/app/app.sock` gives
/// `app.service` and `app.socket`.
[[nodiscard]] std::vector<std::string> units_for_path(const std::string& path);

} // namespace upstream_lint
