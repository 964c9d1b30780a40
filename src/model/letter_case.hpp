#pragma once

#include "regex/regex.hpp"
#include "upstream_lint/model.hpp"

namespace upstream_lint {

/// How the pattern of a location is matched.
[[nodiscard]] inline Case case_of(const Location& location) {
    return location.ignores_case ? Case::insensitive : Case::sensitive;
}

/// How the pattern of a server's name is matched.
[[nodiscard]] inline Case case_of(const ServerName& name) {
    return name.ignores_case ? Case::insensitive : Case::sensitive;
}

} // namespace upstream_lint
