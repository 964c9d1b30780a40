#pragma once

#include "config/directive.hpp"

#include <string_view>

namespace upstream_lint {

/// MIME types that a module works on: `gzip_types` and its like (src/http/ngx_http.c,
/// ngx_http_types_slot).
void take_types(Directive& directive);

/// What is said of the types of one directive when a location gets its own and inherited values
/// (ngx_http_merge_types).
void merge_types(Cycle& cycle, Scope& parent, Scope& child, std::string_view directive);

} // namespace upstream_lint
