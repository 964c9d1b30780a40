#pragma once

#include "resolve/automaton.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace upstream_lint {

/// What stands before a place of a text, as far as a pattern can ask: a set of these.
inline constexpr std::uint8_t before_start = 1;
inline constexpr std::uint8_t before_newline = 2;
inline constexpr std::uint8_t before_word = 4; ///< a letter, a digit or `_`
inline constexpr std::uint8_t before_other = 8;
inline constexpr std::uint8_t before_anything = 15;

/// What is left of the text behind a place: a set of these.
inline constexpr std::uint8_t rest_nothing = 1;
inline constexpr std::uint8_t rest_last_newline = 2; ///< a newline and nothing more
inline constexpr std::uint8_t rest_newline = 4;      ///< a newline and more
inline constexpr std::uint8_t rest_word = 8;         ///< it begins with a letter, a digit or `_`
inline constexpr std::uint8_t rest_other = 16;
inline constexpr std::uint8_t rest_anything = 31;

/// A nondeterministic automaton for a pattern of PCRE2. Beside steps over bytes it has conditions
/// on what stands around a place.
struct RegexProgram {
    using Index = std::uint32_t;
    static constexpr Index none = 0xffffffffU;

    struct Node {
        enum class Kind : std::uint8_t {
            empty,  ///< to `next`
            bytes,  ///< over a byte of `sets[detail]`
            fork,   ///< to `next` or to `other`
            guard,  ///< to `next` where `before` and `rest` allow it
            ahead,  ///< to `next` where `aheads[detail]` accepts what is left of the text
            behind, ///< to `next` where `behinds[detail]` has the wanted answer
            accept, ///< the pattern has matched
        };

        Kind kind = Kind::empty;
        std::uint8_t before = before_anything;
        std::uint8_t rest = rest_anything;
        Index next = none;
        Index other = none;
        Index detail = 0;
    };

    /// A condition on what is left of a text: an automaton for each kind of what stands before, in
    /// their order. Minimal.
    struct Ahead {
        std::array<Index, 4> automaton{}; ///< of `automata`
        bool differs = false;             ///< they are not all one
    };

    /// A condition on what the text is up to a place.
    struct Behind {
        Index automaton = 0; ///< of `automata`
        bool is_wanted = true;
    };

    std::vector<Node> nodes;
    std::vector<ByteSet> sets;
    std::vector<std::shared_ptr<const Automaton>> automata; ///< minimal
    std::vector<Ahead> aheads;
    std::vector<Behind> behinds;
};

/// Where and how a program is to be run.
struct RegexRun {
    RegexProgram::Index entry = 0;
    std::uint8_t before = before_start; ///< what the text begins behind
    /// Whether only whole texts count that end in a match, and conditions on what follows cannot
    /// be judged.
    bool ends_with_match = false;
};

/// How many steps are allowed for a pattern, the looks around in it included: some tenths of a
/// second, and some ten MiB.
inline constexpr std::size_t max_regex_steps = std::size_t{1} << 22U;

/// The deterministic automaton of a program, not minimal. Nothing where it takes more than
/// Automaton::max_transitions or `steps`, which becomes what is left of it, or where a condition
/// cannot be judged. Cost: a step for each member of each set of nodes that a text can lead to
/// (subset construction).
[[nodiscard]] std::optional<Automaton> determinize(const RegexProgram& program, const RegexRun& run,
                                                   std::size_t& steps);

/// `_`, letters and digits.
[[nodiscard]] const ByteSet& word_bytes();

} // namespace upstream_lint
