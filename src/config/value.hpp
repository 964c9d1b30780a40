#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace upstream_lint {

/// What stands behind the name of a parameter, with its `=`; nothing when the word is another one.
[[nodiscard]] std::optional<std::string_view> behind(std::string_view word, std::string_view name);

/// Digits alone, no more than `NGX_MAX_INT_T_VALUE` (src/core/ngx_string.c, ngx_atoi). Of 64 bits,
/// like all below.
[[nodiscard]] std::optional<std::int64_t> parse_number(std::string_view text);

/// With `k`, `K`, `m` or `M` behind it, in bytes (src/core/ngx_parse.c, ngx_parse_size).
[[nodiscard]] std::optional<std::int64_t> parse_size(std::string_view text);

/// With `g` and `G` too (ngx_parse_offset).
[[nodiscard]] std::optional<std::int64_t> parse_offset(std::string_view text);

enum class TimeUnit : std::uint8_t { seconds, milliseconds };

/// `1h 30m`, in the unit asked for; `ms` and its like only where that is milliseconds
/// (ngx_parse_time).
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text, TimeUnit unit);

/// Digits with at most `point` behind a decimal point, as an integer of 10^-point
/// (src/core/ngx_string.c, ngx_atofp).
[[nodiscard]] std::optional<std::int64_t> parse_fixed_point(std::string_view text, unsigned point);

/// Hexadecimal digits (ngx_hextoi).
[[nodiscard]] std::optional<std::int64_t> parse_hexadecimal(std::string_view text);

} // namespace upstream_lint
