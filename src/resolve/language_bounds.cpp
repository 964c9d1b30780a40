#include "resolve/language_bounds.hpp"

#include <utility>

namespace upstream_lint {

namespace {

constexpr const char* too_many_states = "too many states";

/// Bounds of what `operation` gives; `outer` where its upper one takes too many states.
template <typename Operation>
LanguageBounds bounds(Operation operation, const LanguageBounds& left, const LanguageBounds& right,
                      const Language& left_upper_with, const Language& left_lower_with,
                      const Language& outer) {
    LanguageBounds result;
    result.why_inexact = left.is_exact() ? right.why_inexact : left.why_inexact;
    const auto upper = operation(left.upper, left_upper_with);
    if (result.is_exact() && upper) {
        result.lower = result.upper = *upper;
        return result;
    }
    const auto lower = operation(left.lower, left_lower_with);
    if (!upper || !lower) {
        result.why_inexact = too_many_states;
    }
    result.upper = upper.value_or(outer);
    result.lower = lower.value_or(Language());
    if (result.lower == result.upper) {
        result.why_inexact.clear();
    }
    return result;
}

} // namespace

LanguageBounds exactly(const Language& language) {
    return {language, language, {}};
}

LanguageBounds unknown_language(std::string why) {
    return {Language(), Language::everything(), std::move(why)};
}

LanguageBounds unite(const LanguageBounds& left, const LanguageBounds& right) {
    const auto operation = [](const Language& a, const Language& b) { return unite(a, b); };
    return bounds(operation, left, right, right.upper, right.lower, Language::everything());
}

LanguageBounds intersect(const LanguageBounds& left, const LanguageBounds& right) {
    const auto operation = [](const Language& a, const Language& b) { return intersect(a, b); };
    return bounds(operation, left, right, right.upper, right.lower, left.upper);
}

LanguageBounds subtract(const LanguageBounds& left, const LanguageBounds& right) {
    const auto operation = [](const Language& a, const Language& b) { return subtract(a, b); };
    return bounds(operation, left, right, right.lower, right.upper, left.upper);
}

} // namespace upstream_lint
