#pragma once

#include "config/directive.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

/// The generic setters of src/core/ngx_conf_file.c. Each reports what is wrong and then returns
/// nothing, or the value for those who want to keep it.
namespace upstream_lint::slot {

[[nodiscard]] std::optional<bool> flag(Directive& directive);
[[nodiscard]] std::optional<std::string_view> string(Directive& directive);
[[nodiscard]] std::optional<std::int64_t> number(Directive& directive);
[[nodiscard]] std::optional<std::int64_t> number(Directive& directive, std::int64_t low,
                                                 std::int64_t high);
[[nodiscard]] std::optional<std::int64_t> size(Directive& directive);
[[nodiscard]] std::optional<std::int64_t> offset(Directive& directive);
[[nodiscard]] std::optional<std::int64_t> milliseconds(Directive& directive);
[[nodiscard]] std::optional<std::int64_t> seconds(Directive& directive);

struct Buffers {
    std::int64_t number = 0;
    std::int64_t size = 0;
};

[[nodiscard]] std::optional<Buffers> buffers(Directive& directive);
/// The word, in the table's spelling.
[[nodiscard]] std::optional<std::string_view> enumeration(Directive& directive);
/// Bit N: the N-th of the row's words.
[[nodiscard]] std::optional<std::uint64_t> bitmask(Directive& directive);
bool string_array(Directive& directive);
bool key_value(Directive& directive);
bool path(Directive& directive);
bool access(Directive& directive);

} // namespace upstream_lint::slot
