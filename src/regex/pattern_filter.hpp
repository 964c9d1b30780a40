#pragma once

#include "regex/regex.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What every text begins with that a pattern matches: `/a.b` of `^/a\.b+$`. Empty where there is
/// nothing, or it is not known.
[[nodiscard]] std::string literal_beginning(std::string_view pattern, Case letters);

/// Of many patterns those that a text may match, by what they have to begin with.
class PatternFilter {
public:
    /// Patterns are numbered in their order, from 0.
    void add(std::string_view pattern, Case letters);

    /// In their order; no other matches the text. Cost: a search for each length that beginnings
    /// have, and a step for each of the patterns that are left.
    [[nodiscard]] std::vector<std::uint32_t> candidates(std::string_view text) const;

private:
    std::map<std::string, std::vector<std::uint32_t>, std::less<>> by_beginning_;
    std::vector<std::size_t> lengths_; // of beginnings, each once
    std::vector<std::uint32_t> others_;
    std::uint32_t count_ = 0;
};

} // namespace upstream_lint
