#pragma once

#include "config/directive.hpp"

namespace upstream_lint {

/// Notes that a directive says what to do with the connections of its server.
void set_stream_handler(Directive& directive);

} // namespace upstream_lint
