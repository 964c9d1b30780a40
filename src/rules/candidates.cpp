#include "rules/candidates.hpp"

#include "config/suggestion.hpp"

#include <algorithm>
#include <string_view>

namespace upstream_lint {

void add_candidates(Finding& finding, const std::vector<std::string>& candidates) {
    constexpr std::size_t max_shown = 3;
    const std::size_t shown = std::min(candidates.size(), max_shown);
    const std::vector<std::string_view> names(
        candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(shown));
    if (auto question = did_you_mean(names)) {
        finding.notes.push_back(*std::move(question));
    }
}

} // namespace upstream_lint
