#pragma once

#include "upstream_lint/resolution.hpp"

namespace upstream_lint {

/// Says whose configuration answers: `level` may be a server, a location, or an `if` or
/// `limit_except` block, which is told apart from the location in which it stands.
void place_answer(const Model& model, LocationId level, Answer& answer);

} // namespace upstream_lint
