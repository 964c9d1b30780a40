#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <random>

namespace upstream_lint::test {

class RandomChoice {
public:
    explicit RandomChoice(std::uint64_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }

    bool chance(std::size_t percent) { return below(100) < percent; }

    template <typename Container> const auto& pick(const Container& from) {
        return from[below(std::size(from))];
    }

private:
    std::mt19937_64 engine_; // the same sequence with every standard library
};

inline std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* text = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// How many cases a random test makes: UPSTREAM_LINT_CASES, or else `usual`, and fewer beside
/// sanitizers, where each takes many times as long.
inline std::uint64_t random_cases(std::uint64_t usual) {
#ifdef UPSTREAM_LINT_SANITIZED
    usual /= 4;
#endif
    return setting("UPSTREAM_LINT_CASES", usual);
}

} // namespace upstream_lint::test
