#pragma once

#include "config/directive.hpp"

/// The setters that ngx_http_lua_module and ngx_stream_lua_module share; Lua code is not looked at.
namespace upstream_lint::lua {

/// All `*_by_lua`, `*_by_lua_block` and `*_by_lua_file` that set a handler.
void handler(Directive& directive);
/// balancer_by_lua*, which chooses how to balance too.
void balancer(Directive& directive);

void capture_error_log(Directive& directive);
void code_cache(Directive& directive);
void load_resty_core(Directive& directive);
void malloc_trim(Directive& directive);
void package_path(Directive& directive);
void shared_dict(Directive& directive);

} // namespace upstream_lint::lua
