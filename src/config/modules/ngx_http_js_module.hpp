#pragma once

#include "config/directive.hpp"

/// The setters that ngx_http_js_module and ngx_stream_js_module share; scripts are not read.
namespace upstream_lint::js {

void import(Directive& directive);
void preload_object(Directive& directive);
/// A directive that may stand once in a block.
void once(Directive& directive);
void set(Directive& directive);
void var(Directive& directive);

} // namespace upstream_lint::js
