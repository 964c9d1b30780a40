#pragma once

#include "config/cycle.hpp"

namespace upstream_lint::script {

/// Reports a table of the variables of `stream` that cannot be built. There all of them are in it
/// (ngx_stream_variables_init_vars).
void check_variables_hash(Cycle& cycle, Scope& main);

} // namespace upstream_lint::script
