#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace upstream_lint::differential {

/// A pseudo-random sequence that is the same on every machine and with every standard library, so
/// that a seed and a case number name one input forever (xoshiro256**, seeded by splitmix64).
class Random {
public:
    explicit constexpr Random(std::uint64_t seed) noexcept {
        for (std::uint64_t& word : state_)
            word = split_mix(seed);
    }

    /// The generator of one case of a run: independent of the cases before it.
    Random(std::uint64_t seed, std::uint64_t case_number) noexcept :
        Random(seed ^ (case_number + 1) * 0x9e3779b97f4a7c15U) {}

    constexpr std::uint64_t next() noexcept {
        const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17U;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = rotate(state_[3], 45);
        return result;
    }

    /// A number below `bound`, which is not 0. The bias of the remainder is far below what a test
    /// sees.
    constexpr std::size_t below(std::size_t bound) noexcept {
        // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): the caller's promise
        return static_cast<std::size_t>(next() % bound);
    }

    /// From `low` to `high`, both included.
    constexpr std::size_t between(std::size_t low, std::size_t high) noexcept {
        return low + below(high - low + 1);
    }

    constexpr bool chance(unsigned percent) noexcept { return below(100) < percent; }

    /// An element of a container that is not empty.
    template <typename Container> constexpr decltype(auto) pick(Container&& container) noexcept {
        return container[below(std::size(container))];
    }

private:
    static constexpr std::uint64_t rotate(std::uint64_t value, unsigned bits) noexcept {
        return (value << bits) | (value >> (64U - bits));
    }

    static constexpr std::uint64_t split_mix(std::uint64_t& state) noexcept {
        state += 0x9e3779b97f4a7c15U;
        std::uint64_t mixed = state;
        mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
        return mixed ^ (mixed >> 31U);
    }

    std::array<std::uint64_t, 4> state_{};
};

} // namespace upstream_lint::differential
