#include "config/suggestion.hpp"

#include "config/directive_table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::size_t max_name = 64; // longer ones are no typing mistakes
constexpr std::size_t max_suggestions = 3;

struct Candidate {
    std::size_t distance;
    bool elsewhere; // not in the wanted context
    std::string_view name;

    friend auto operator<=>(const Candidate&, const Candidate&) = default;
};

std::size_t limit_for(std::string_view word) {
    return std::clamp<std::size_t>(word.size() / 3, 1, 3);
}

std::vector<std::string_view> nearest(std::vector<Candidate>& candidates) {
    std::ranges::sort(candidates);
    std::vector<std::string_view> names;
    for (const Candidate& candidate : candidates) {
        if (names.size() < max_suggestions &&
            candidate.distance <= candidates.front().distance + 1) {
            names.push_back(candidate.name);
        }
    }
    return names;
}

} // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
    if (a.size() > max_name || b.size() > max_name ||
        std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) {
        return limit + 1;
    }
    using Row = std::array<std::size_t, max_name + 1>;
    Row before{};
    Row previous{};
    Row current{};
    for (std::size_t j = 0; j <= b.size(); ++j) {
        previous[j] = j;
    }
    for (std::size_t i = 1; i <= a.size(); ++i) {
        current[0] = i;
        std::size_t least = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
            current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + change});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                current[j] = std::min(current[j], before[j - 2] + 1);
            }
            least = std::min(least, current[j]);
        }
        if (least > limit) {
            return limit + 1;
        }
        before = previous;
        previous = current;
    }
    return std::min(previous[b.size()], limit + 1);
}

ContextMask contexts_of(std::string_view name, const NginxBuild& build) {
    ContextMask contexts;
    for (const DirectiveRow& row : find_directive(name)) {
        if (available(row, build)) {
            contexts |= row.contexts;
        }
    }
    return contexts;
}

std::vector<std::string_view> similar_directives(std::string_view name, Context context,
                                                 const NginxBuild& build) {
    const std::size_t limit = limit_for(name);
    std::vector<Candidate> candidates;
    for (const std::string_view known : directive_names()) {
        const std::size_t distance = edit_distance(name, known, limit);
        if (distance > limit) {
            continue;
        }
        const ContextMask contexts = contexts_of(known, build);
        if (!contexts.empty()) {
            candidates.push_back({distance, !contexts.contains(context), known});
        }
    }
    return nearest(candidates);
}

std::vector<std::string_view> similar_words(std::string_view word,
                                            std::span<const std::string_view> known) {
    const std::size_t limit = limit_for(word);
    const std::string_view key = word.substr(0, word.find('='));
    std::vector<Candidate> candidates;
    for (const std::string_view each : known) {
        const bool has_value = each.ends_with('=');
        const std::size_t distance = edit_distance(
            has_value ? key : word, has_value ? each.substr(0, each.size() - 1) : each, limit);
        if (distance <= limit && (distance != 0 || has_value)) {
            candidates.push_back({distance, false, each});
        }
    }
    return nearest(candidates);
}

std::optional<std::string> did_you_mean(const std::vector<std::string_view>& similar) {
    if (similar.empty()) {
        return std::nullopt;
    }
    std::string text = "did you mean ";
    for (std::size_t i = 0; i < similar.size(); ++i) {
        text += fmt::format("{}`{}`", i == 0 ? "" : " or ", similar[i]);
    }
    return text + "?";
}

} // namespace upstream_lint
