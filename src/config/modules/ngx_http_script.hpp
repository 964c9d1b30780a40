#pragma once

#include "config/directive.hpp"

namespace upstream_lint::http_slot {

/// The setters of src/http/ngx_http_script.c that modules share.

/// True when the value is right.
bool complex_value(Directive& directive);
/// With a value that is a size unless it has variables.
bool complex_value_size(Directive& directive);
/// Any number of conditions, in as many directives as one likes.
bool predicates(Directive& directive);

} // namespace upstream_lint::http_slot
