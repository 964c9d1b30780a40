#include "config/http_types.hpp"
#include "config/modules/modules.hpp"

#include <span>

/// src/http/modules/ngx_http_ssi_filter_module.c
namespace upstream_lint {

namespace {

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    merge_types(cycle, parent, child, "ssi_types");
}

} // namespace

const ModuleSetters ngx_http_ssi_filter_module = {
    "ngx_http_ssi_filter", {}, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
