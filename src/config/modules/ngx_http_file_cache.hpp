#pragma once

#include "config/directive.hpp"

namespace upstream_lint::file_cache {

/// The setters of src/http/ngx_http_file_cache.c that modules share.

/// `proxy_cache_path` and its like (ngx_http_file_cache_set_slot).
void path(Directive& directive);
/// `proxy_cache_valid` and its like (ngx_http_file_cache_valid_set_slot).
void valid(Directive& directive);

} // namespace upstream_lint::file_cache
