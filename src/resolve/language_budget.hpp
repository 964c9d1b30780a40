#pragma once

#include "resolve/automaton.hpp"
#include "resolve/language_bounds.hpp"

#include <algorithm>
#include <cstddef>

namespace upstream_lint {

/// Counts what operations on languages cost, so that many of them end. In transitions that may be
/// looked at.
class LanguageBudget {
public:
    explicit LanguageBudget(std::size_t limit) : left_(limit) {}

    [[nodiscard]] bool is_spent() const noexcept { return left_ == 0; }

    void spend(std::size_t transitions) noexcept { left_ -= std::min(left_, transitions); }

    /// For an operation on two of them.
    void spend(const Language& left, const Language& right) noexcept {
        const Automaton& one = left.automaton();
        const Automaton& other = right.automaton();
        spend(
            std::min(Automaton::max_transitions,
                     one.size() * other.size() * std::max(one.classes.count, other.classes.count)));
    }

    /// For a language that was made of a pattern.
    void spend_on_pattern(const LanguageBounds& pattern) noexcept {
        spend(pattern.why_inexact.ends_with("too many states")
                  ? Automaton::max_transitions
                  : pattern.upper.automaton().next.size());
    }

private:
    std::size_t left_;
};

} // namespace upstream_lint
