#pragma once

namespace upstream_lint::test {

/// Gives the program a network namespace, whose loopback interface is up, and a mount namespace of
/// its own, so that nothing of the machine is in the way and nothing is left behind. False where
/// this machine or user may not.
[[nodiscard]] bool enter_own_namespaces();

} // namespace upstream_lint::test
