#pragma once

#include "regex/regex.hpp"

#include <vector>

namespace upstream_lint {

/// The groups with names of a pattern that has been compiled: a `pcre2_code`.
[[nodiscard]] std::vector<Regex::NamedCapture> named_captures_of(const void* compiled);

} // namespace upstream_lint
