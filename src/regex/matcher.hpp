#pragma once

#include "regex/regex.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The memory in which PCRE2 tries patterns (`pcre2_match_data`), some 20 KB once it has been used.
/// Matchers that are tried one after the other can share it.
class MatchSpace {
public:
    /// For a pattern with that many groups, the whole among them. Valid until the next call; null
    /// without memory.
    [[nodiscard]] void* with_groups(std::uint32_t groups);

private:
    std::shared_ptr<void> data_;
    std::uint32_t groups_ = 0;
};

/// A regular expression that is ready to be tried, as nginx tries it (src/core/ngx_regex.c). Not to
/// be used by two threads at once.
class Matcher {
public:
    enum class Outcome : std::uint8_t {
        matched,
        not_matched,
        failed, ///< PCRE2 gave up, as it does where a pattern goes back too often; nginx answers
                ///< 500
    };

    /// Where a group stands in the text; `none` where it did not take part.
    struct Group {
        static constexpr std::size_t none = static_cast<std::size_t>(-1);

        std::size_t begin = none;
        std::size_t end = none;
    };

    /// The pattern has to compile: Regex says whether it does.
    Matcher(std::string_view pattern, Case letters,
            std::shared_ptr<MatchSpace> space = std::make_shared<MatchSpace>());

    /// Cost: that of pcre2_match(), whose own limits hold.
    [[nodiscard]] Outcome match(std::string_view text);

    /// Of the last match: the whole first, then the groups. Valid until the next one.
    [[nodiscard]] std::span<const Group> groups() const noexcept { return groups_; }

    /// How many groups the pattern has.
    [[nodiscard]] std::uint32_t captures() const noexcept { return captures_; }

    /// The groups that have names.
    [[nodiscard]] std::vector<Regex::NamedCapture> named_captures() const;

private:
    std::shared_ptr<void> code_;
    std::shared_ptr<MatchSpace> space_;
    std::uint32_t captures_ = 0;
    std::vector<Group> groups_;
};

} // namespace upstream_lint
