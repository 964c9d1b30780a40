#pragma once

namespace upstream_lint::test {

/// The main file of configurations that are in memory alone.
inline constexpr const char* main_name = "/etc/nginx/nginx.conf";

} // namespace upstream_lint::test
