#pragma once

#include "upstream_lint/result.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace upstream_lint {

/// Reads JSON of anybody: at most 256 MiB with 16,777,216 values, nested at most 64 deep. The error
/// names line and column, both from 1 and in bytes; `name` is for it. Of members that stand twice
/// the last one counts.
[[nodiscard]] Result<nlohmann::json> parse_json(std::string_view text, std::string_view name);

/// A value as it stands in a message: ASCII, cut where it is long.
[[nodiscard]] std::string json_excerpt(const nlohmann::json& value);

} // namespace upstream_lint
