#pragma once

#include <string>
#include <vector>

namespace upstream_lint::testing {

struct ProcessResult {
    int status = -1; ///< exit status; 128 + signal number for one that was killed
    std::string out;
    std::string err;
};

/// Runs `arguments[0]` in `folder` (empty: here) with `input` as its standard input, and waits for
/// it. Throws std::system_error when it cannot be started.
[[nodiscard]] ProcessResult run_process(const std::vector<std::string>& arguments,
                                        const std::string& folder = "",
                                        const std::string& input = "");

} // namespace upstream_lint::testing
