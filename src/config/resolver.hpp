#pragma once

#include "config/directive.hpp"

namespace upstream_lint {

/// Takes `resolver` (src/core/ngx_resolver.c, ngx_resolver_create).
void set_resolver(Directive& directive);

/// Whether the block itself names a server to ask.
[[nodiscard]] bool has_resolver(const Scope& block);

} // namespace upstream_lint
