#pragma once

#include "e2e/containers/engine.hpp"

namespace upstream_lint::test {

/// The one that this program has started. It has to outlive the tests.
void set_running_engine(Engine& engine);
[[nodiscard]] Engine& running_engine();

/// Ends what tests have started beside the engine's containers.
void end_scenes();

} // namespace upstream_lint::test
