#include "config/ascii.hpp"
#include "config/http_types.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>
#include <string>

/// src/http/modules/ngx_http_sub_filter_module.c
namespace upstream_lint {

namespace {

constexpr std::size_t most_patterns = 255;

struct SubFilters {
    std::size_t patterns = 0;
};

/// ngx_http_sub_filter
void sub_filter(Directive& directive) {
    if (directive[1].empty()) {
        directive.emerg(1, "empty search pattern");
        return;
    }
    auto& filters = directive.scope().conf<SubFilters>();
    if (filters.patterns == most_patterns) {
        directive.emerg(0, "number of search patterns exceeds 255", Cause::limit);
        return;
    }
    ++filters.patterns;
    const std::string_view pattern = directive.cycle().keep(lower(directive[1]));
    if (script::compile(directive, 1, pattern).valid) {
        script::compile(directive, 2);
    }
}

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    merge_types(cycle, parent, child, "sub_filter_types");
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"sub_filter", sub_filter},
}};

} // namespace

const ModuleSetters ngx_http_sub_filter_module = {
    "ngx_http_sub_filter", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
