#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace upstream_lint {

/// What glob(3) sees in a pattern, in glibc's order of importance (posix/glob_internal.h).
enum class PatternKind : std::uint8_t {
    plain,
    escaped, ///< no wildcard, but a backslash
    open,    ///< a `[` that no `]` closes
    wild,
};

[[nodiscard]] PatternKind pattern_kind(std::string_view pattern);

/// A pattern without slashes, matched against names as fnmatch(3) with FNM_PERIOD does in the C
/// locale of glibc, malformed bracket expressions included. A match costs at most
/// O(length of the name * length of the pattern).
class NamePattern {
public:
    explicit NamePattern(std::string_view pattern) : pattern_(pattern) {}

    [[nodiscard]] bool matches(std::string_view name);

private:
    using BracketTable = std::array<std::uint32_t, 256>;

    /// How much of both has been matched.
    struct Progress {
        std::size_t pattern = 0;
        std::size_t name = 0;

        friend bool operator==(const Progress&, const Progress&) = default;
    };

    [[nodiscard]] std::optional<Progress> begin(std::string_view name) const;
    [[nodiscard]] std::size_t next_start(Progress star, std::string_view name) const;
    [[nodiscard]] std::size_t step(Progress now, std::string_view name, bool guards_period);
    [[nodiscard]] std::size_t step_bracket(std::size_t at, char byte);

    std::string pattern_;
    // By the place of a `[`: the place behind it for each byte, filled as names need it.
    std::unordered_map<std::size_t, std::unique_ptr<BracketTable>> brackets_;
};

} // namespace upstream_lint
