#include "config/variable_table.hpp"

#include <algorithm>
#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::string_view unlisted = "*";

bool fits(const VariableRow& row, VariableScope protocol, const NginxBuild& build) {
    return row.protocol == protocol && available(row, build);
}

std::span<const VariableRow> rows_of(std::string_view name) {
    const auto rows = variable_rows();
    const auto first = std::ranges::lower_bound(rows, name, {}, &VariableRow::name);
    const auto last = std::ranges::upper_bound(rows, name, {}, &VariableRow::name);
    return rows.subspan(static_cast<std::size_t>(first - rows.begin()),
                        static_cast<std::size_t>(last - first));
}

} // namespace

std::span<const VariableRow> variable_rows() noexcept {
    return generated::variables;
}

const VariableRow* find_variable(std::string_view name, VariableScope protocol,
                                 const NginxBuild& build) noexcept {
    for (const VariableRow& row : rows_of(name)) {
        if (!row.prefix && fits(row, protocol, build)) {
            return &row;
        }
    }
    return nullptr;
}

bool is_in_family(std::string_view name, VariableScope protocol, const NginxBuild& build) noexcept {
    return std::ranges::any_of(variable_rows(), [&](const VariableRow& row) {
        return row.prefix && name.starts_with(row.name) && fits(row, protocol, build);
    });
}

bool knows_variables(VariableScope protocol, const NginxBuild& build) noexcept {
    if (build.modules.is_open()) {
        return false;
    }
    for (const VariableRow& row : rows_of(unlisted)) {
        if (fits(row, protocol, build)) {
            return false;
        }
    }
    return true;
}

} // namespace upstream_lint
