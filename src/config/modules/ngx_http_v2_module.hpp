#pragma once

#include "config/directive.hpp"

namespace upstream_lint {

/// A directive that has no effect any more (ngx_http_v2_obsolete).
void take_obsolete_http2(Directive& directive);

/// A directive of the module before (ngx_http_v2_spdy_deprecated).
void take_spdy(Directive& directive);

} // namespace upstream_lint
