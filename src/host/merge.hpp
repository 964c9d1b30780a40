#pragma once

#include "upstream_lint/facts.hpp"

namespace upstream_lint {

/// Adds what `part` says to `whole`. A namespace, an instance and a unit that are in both are those
/// of `part`; lists are put behind each other; a Reading that was not asked for says nothing.
/// Cost: linear.
void merge(Snapshot& whole, Snapshot part);

} // namespace upstream_lint
