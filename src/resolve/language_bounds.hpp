#pragma once

#include "resolve/language.hpp"

#include <string>

namespace upstream_lint {

/// A set of texts that need not be known exactly.
struct LanguageBounds {
    Language lower;          ///< what is in it for certain
    Language upper;          ///< what may be in it
    std::string why_inexact; ///< what of the configuration is not known exactly, in words; empty:
                             ///< both are equal

    [[nodiscard]] bool is_exact() const noexcept { return why_inexact.empty(); }
};

[[nodiscard]] LanguageBounds exactly(const Language& language);

/// Nothing is known.
[[nodiscard]] LanguageBounds unknown_language(std::string why);

/// What takes too many states is given up to the side that is still true. Cost: that of two
/// operations on languages; of one, where both are exact.
[[nodiscard]] LanguageBounds unite(const LanguageBounds& left, const LanguageBounds& right);
[[nodiscard]] LanguageBounds intersect(const LanguageBounds& left, const LanguageBounds& right);
/// What is in the left one alone.
[[nodiscard]] LanguageBounds subtract(const LanguageBounds& left, const LanguageBounds& right);

} // namespace upstream_lint
