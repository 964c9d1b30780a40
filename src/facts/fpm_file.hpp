#pragma once

#include "upstream_lint/facts.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// A line that FPM would refuse, or whose value depends on what the file does not tell.
struct FpmProblem {
    std::size_t line = 0; ///< from 1
    std::string reason;

    friend bool operator==(const FpmProblem&, const FpmProblem&) = default;
};

/// A file of PHP-FPM's configuration.
struct FpmFile {
    std::vector<FpmPool> pools;        ///< in the order in which their sections begin
    std::vector<std::string> includes; ///< patterns for glob(3)
    std::vector<FpmProblem> problems;
};

/// Reads `text` as FPM does (PHP: sapi/fpm/fpm/fpm_conf.c): `$pool` is expanded, names are without
/// case, a section that stands twice is one pool. Values that are computed or come from the
/// environment are left empty, with a problem. Names of PHP's constants stay as they are. `file` is
/// what the pools have as theirs. Cost: one pass.
[[nodiscard]] FpmFile parse_fpm_file(std::string_view text, std::string_view file);

} // namespace upstream_lint
