#include "config/variable_table.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

constexpr std::string_view unlisted = "*";

bool fits(const VariableRow& row, Protocol protocol, const NginxBuild& build) {
    return row.protocol == protocol && available(row, build);
}

} // namespace

std::span<const VariableRow> variable_rows() noexcept {
    return generated::variables;
}

const VariableRow* find_variable(std::string_view name, Protocol protocol,
                                 const NginxBuild& build) noexcept {
    for (const VariableRow& row :
         std::ranges::equal_range(variable_rows(), name, {}, &VariableRow::name)) {
        if (!row.prefix && fits(row, protocol, build)) {
            return &row;
        }
    }
    return nullptr;
}

bool is_in_family(std::string_view name, Protocol protocol, const NginxBuild& build) noexcept {
    return std::ranges::any_of(variable_rows(), [&](const VariableRow& row) {
        return row.prefix && name.starts_with(row.name) && fits(row, protocol, build);
    });
}

bool knows_variables(Protocol protocol, const NginxBuild& build) noexcept {
    const auto rows = std::ranges::equal_range(variable_rows(), unlisted, {}, &VariableRow::name);
    return !build.modules.is_open() && std::ranges::none_of(rows, [&](const VariableRow& row) {
        return fits(row, protocol, build);
    });
}

} // namespace upstream_lint
