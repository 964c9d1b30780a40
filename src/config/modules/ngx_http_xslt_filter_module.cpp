#include "config/http_types.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>

/// src/http/modules/ngx_http_xslt_filter_module.c
namespace upstream_lint {

namespace {

/// ngx_http_xslt_entities
void xml_entities(Directive& directive) {
    (void)directive.is_duplicate();
}

/// ngx_http_xslt_param
void xslt_param(Directive& directive) {
    script::compile(directive, 2);
}

/// ngx_http_xslt_stylesheet
void xslt_stylesheet(Directive& directive) {
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!script::compile(directive, i).valid) {
            return;
        }
    }
}

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    merge_types(cycle, parent, child, "xslt_types");
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"xml_entities", xml_entities},
    {"xslt_param", xslt_param},
    {"xslt_string_param", xslt_param},
    {"xslt_stylesheet", xslt_stylesheet},
}};

} // namespace

const ModuleSetters ngx_http_xslt_filter_module = {
    "ngx_http_xslt_filter", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
