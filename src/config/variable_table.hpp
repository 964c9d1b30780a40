#pragma once

#include "upstream_lint/nginx_build.hpp"

#include <cstdint>
#include <span>
#include <string_view>

/// The variables that nginx's modules bring. Made at build time from data/variables.tsv.
namespace upstream_lint {

/// `http` and `stream` have variables of their own.
enum class VariableScope : std::uint8_t { http, stream };

/// One variable of one module in a range of nginx versions.
struct VariableRow {
    std::string_view name; ///< `*`: the module has some that are not listed
    ModuleId module;
    VariableScope protocol = VariableScope::http;
    bool prefix = false;     ///< the beginning of a family of names
    bool changeable = false; ///< may be defined again, and set
    bool unhashed = false;   ///< takes no room in the hash table
    Version since;           ///< first version with it; 0.0.0 when not known
    Version removed;         ///< first version without it; 0.0.0 when it is still there
};

/// All rows, by name (bytes).
[[nodiscard]] std::span<const VariableRow> variable_rows() noexcept;

[[nodiscard]] inline bool available(const VariableRow& row, const NginxBuild& build) noexcept {
    return build.modules.contains(row.module) && row.since <= build.version &&
           (row.removed == Version{} || build.version < row.removed);
}

/// The build's variable of exactly that name, which is in lower case, or null. A family's own name
/// is none.
[[nodiscard]] const VariableRow* find_variable(std::string_view name, VariableScope protocol,
                                               const NginxBuild& build) noexcept;

/// Whether the name begins like a family of the build.
[[nodiscard]] bool is_in_family(std::string_view name, VariableScope protocol,
                                const NginxBuild& build) noexcept;

/// Whether all variables of the build's modules are known.
[[nodiscard]] bool knows_variables(VariableScope protocol, const NginxBuild& build) noexcept;

namespace generated {

extern const std::span<const VariableRow> variables; ///< defined by the generated file

} // namespace generated
} // namespace upstream_lint
