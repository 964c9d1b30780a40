#pragma once

#include "upstream_lint/facts.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// `2026-11-22T17:40:00Z` (RFC 3339). What lies outside the years 0 to 9999, which that form can
/// say, stands as the nearest moment that it can.
[[nodiscard]] std::string rfc3339_text(UnixTime time);

/// Any offset from UTC; fractions of a second are cut off.
[[nodiscard]] std::optional<UnixTime> parse_rfc3339(std::string_view text);

} // namespace upstream_lint
