#include "config/directive_table.hpp"

#include "config/data/name_hash.hpp"

#include <algorithm>

namespace upstream_lint {
namespace {

/// Bodies whose block reads them with a table of its own, which ngx_conf_handler never sees.
constexpr ContextMask own_tables = ContextMask(Context::otel_exporter) | Context::acme_issuer;

bool is_own_table(const DirectiveRow& row) noexcept {
    return !(row.contexts & own_tables).empty();
}

} // namespace

std::span<const DirectiveRow> directive_rows() noexcept {
    return generated::rows;
}

std::span<const std::string_view> directive_names() noexcept {
    return generated::names;
}

std::span<const ModuleRow> module_rows() noexcept {
    return generated::modules;
}

std::span<const DirectiveRow> find_directive(std::string_view name) noexcept {
    const std::uint32_t hash = name_hash(name);
    const auto tag = static_cast<std::uint16_t>(hash >> 16U);
    const std::size_t mask = generated::slots.size() - 1;
    for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
        const generated::NameSlot slot = generated::slots[at];
        if (slot.name == generated::free_slot)
            return {};
        if (slot.tag == tag && generated::names[slot.name] == name) {
            const std::size_t first = generated::first_rows[slot.name];
            const std::size_t next = generated::first_rows[slot.name + std::size_t{1}];
            return generated::rows.subspan(first, next - first);
        }
    }
}

DispatchResult dispatch(std::span<const DirectiveRow> rows, Context context, std::size_t arguments,
                        bool brace, const NginxBuild& build) noexcept {
    if (context == Context::none || context == Context::raw || is_data(context))
        return {};
    const bool own = own_tables.contains(context);
    for (const DirectiveRow& row : rows) {
        if (!row.contexts.contains(context) || !available(row, build))
            continue;
        if (!own && brace && !row.block)
            return {Dispatch::not_terminated, &row};
        if (!own && !brace && row.block)
            return {Dispatch::no_opening_brace, &row};
        if (!row.arguments.accepts(arguments))
            return {Dispatch::wrong_number, &row};
        return {Dispatch::accepted, &row};
    }
    const bool known = std::ranges::any_of(rows, [&build](const DirectiveRow& row) {
        return !is_own_table(row) && available(row, build);
    });
    if (known && !own)
        return {Dispatch::not_allowed, nullptr};
    if (build.modules.is_open() && !own)
        return {};
    return {Dispatch::unknown, nullptr};
}

DispatchResult dispatch(std::string_view name, Context context, std::size_t arguments, bool brace,
                        const NginxBuild& build) noexcept {
    return dispatch(find_directive(name), context, arguments, brace, build);
}

} // namespace upstream_lint
