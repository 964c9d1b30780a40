#pragma once

#include <string>
#include <string_view>

namespace upstream_lint {

/// A short text that a regular expression is likely to match, as a person would think of one: of
/// alternatives the first, of what may be repeated as little as there can be. It has to be tried:
/// looks around, references and the like are left out. Cost: linear in the pattern, and in the
/// repetitions of it that are asked for, up to a bound.
[[nodiscard]] std::string sample_of_regex(std::string_view pattern);

} // namespace upstream_lint
