#pragma once

#include "upstream_lint/nginx_build.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::corpus {

/// nginx 1.22.1 of Debian 12 with every dynamic module that distribution has.
[[nodiscard]] std::optional<NginxBuild> debian_12_build();

/// nginx 1.22.1 of Debian 12 as it starts, no dynamic module loaded.
[[nodiscard]] std::optional<NginxBuild> debian_12_plain_build();

/// nginx 1.30.6 of Debian with the mail and stream modules.
[[nodiscard]] std::optional<NginxBuild> debian_sid_build();

} // namespace upstream_lint::corpus
