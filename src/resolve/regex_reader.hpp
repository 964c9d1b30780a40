#pragma once

#include "regex/regex.hpp"
#include "resolve/regex_program.hpp"

#include <cstddef>
#include <string_view>

namespace upstream_lint {

/// What came of reading a pattern.
struct RegexReading {
    RegexProgram program;
    RegexProgram::Index entry = 0;
    /// The first thing in the pattern that no finite automaton can do, as "a back-reference": the
    /// program accepts more than the pattern. Empty: the same. Static storage.
    std::string_view inexact;
    /// The first thing that nothing can be told of, so that the program means nothing.
    std::string_view unreadable;
    std::size_t steps = max_regex_steps; ///< that the looks around left
};

/// Reads a pattern as PCRE2 10.42 does without options but caselessness. It has to compile. The
/// program accepts every text in which the pattern is found, wherever it stands there. Cost: a step
/// for each byte and each repetition that is counted, and determinize() for each look around.
[[nodiscard]] RegexReading read_regex(std::string_view pattern, Case letters);

} // namespace upstream_lint
