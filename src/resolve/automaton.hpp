#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace upstream_lint {

using ByteSet = std::bitset<256>;

/// The bytes in groups that nothing tells apart. NUL, which no URI holds, is in the first group
/// and in no text.
struct ByteClasses {
    std::array<std::uint8_t, 256> of{};
    std::size_t count = 1;

    /// Tells the bytes of the set from the others.
    void refine(const ByteSet& set);
    /// Tells apart what the other classes tell apart.
    void refine(const ByteClasses& others);

    /// One byte of each class, the lowest.
    [[nodiscard]] std::vector<unsigned char> representatives() const;

    friend bool operator==(const ByteClasses&, const ByteClasses&) = default;
};

/// A deterministic finite automaton that has a next state for every byte. It begins in state 0.
struct Automaton {
    using State = std::uint32_t;

    /// More transitions than this are never made: 16 MiB, and about a second of work.
    static constexpr std::size_t max_transitions = std::size_t{1} << 22U;

    ByteClasses classes;
    std::vector<State> next;             ///< state * classes.count + class
    std::vector<std::uint8_t> accepting; ///< of each state: 1 where a text may end

    [[nodiscard]] std::size_t size() const noexcept { return accepting.size(); }

    [[nodiscard]] State step(State from, unsigned char byte) const {
        return next[from * classes.count + classes.of[byte]];
    }

    /// Whether every text, or none, is accepted from here on. Of a minimal automaton only.
    [[nodiscard]] bool stays_in(State state) const;

    friend bool operator==(const Automaton&, const Automaton&) = default;
};

/// The smallest automaton of the same language; automata of one language give equal ones. Cost:
/// t log n for t transitions and n states (Hopcroft's algorithm).
[[nodiscard]] Automaton minimized(const Automaton& automaton);

/// Both run beside each other. A text is accepted where `accepts` says so of the two answers.
/// Nothing where that takes more than Automaton::max_transitions. Not minimal. Cost: a step for
/// each transition.
[[nodiscard]] std::optional<Automaton> product(const Automaton& left, const Automaton& right,
                                               const std::function<bool(bool, bool)>& accepts);

} // namespace upstream_lint
