#pragma once

namespace upstream_lint::cli {

/// What the command's exit status says.
enum ExitStatus : int {
    exit_clean = 0,
    exit_findings = 1, ///< findings at or above --fail-on; `test` refuses
    exit_usage = 2,
    exit_not_done = 3, ///< the job could not be done
};

} // namespace upstream_lint::cli
