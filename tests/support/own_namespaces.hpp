#pragma once

#include <span>

namespace upstream_lint::test {

constexpr int skipped_program = 77; ///< the exit status that says so: SKIP_RETURN_CODE

/// Gives the program a network namespace, whose loopback interface is up, and a mount namespace of
/// its own, so that nothing of the machine is in the way and nothing is left behind. False where
/// this machine or user may not.
[[nodiscard]] bool enter_own_namespaces();

/// Enters them and looks whether programs are there. False, with a printed reason: the program is
/// to be skipped.
[[nodiscard]] bool is_ready_for_tests(std::span<const char* const> needed_programs);

} // namespace upstream_lint::test
