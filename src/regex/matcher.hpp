#pragma once

#include "regex/regex.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

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
    Matcher(std::string_view pattern, Case letters);

    /// Cost: that of pcre2_match(), whose own limits hold.
    [[nodiscard]] Outcome match(std::string_view text);

    /// Of the last match: the whole first, then the groups. Valid until the next one.
    [[nodiscard]] std::span<const Group> groups() const noexcept { return groups_; }

    /// The groups that have names.
    [[nodiscard]] std::vector<Regex::NamedCapture> named_captures() const;

private:
    std::shared_ptr<void> code_;
    std::shared_ptr<void> data_;
    std::vector<Group> groups_;
};

} // namespace upstream_lint
