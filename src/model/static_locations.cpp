#include "model/static_locations.hpp"

#include <algorithm>
#include <utility>

namespace upstream_lint {

namespace {

using Index = StaticLocations::Index;

/// Sorted by bytes, the names that begin with another one follow it directly.
std::vector<Index> shorter_names(std::span<const StaticLocations::Entry> entries) {
    std::vector<Index> shorter(entries.size(), StaticLocations::none);
    std::vector<Index> open;
    for (Index i = 0; i < entries.size(); ++i) {
        while (!open.empty() && !entries[i].name.starts_with(entries[open.back()].name)) {
            open.pop_back();
        }
        shorter[i] = open.empty() ? StaticLocations::none : open.back();
        open.push_back(i);
    }
    return shorter;
}

} // namespace

StaticLocations::StaticLocations(std::vector<Entry> entries) : entries_(std::move(entries)) {
    std::ranges::sort(entries_, {}, &Entry::name);
    shorter_ = shorter_names(entries_);
}

std::size_t StaticLocations::last_up_to(std::string_view text) const {
    const auto behind = std::ranges::upper_bound(entries_, text, {}, &Entry::name);
    return behind == entries_.begin() ? entries_.size()
                                      : static_cast<std::size_t>(behind - entries_.begin()) - 1;
}

bool StaticLocations::is_redirected(std::string_view uri, std::size_t at) const {
    // what begins with the URI follows `at`, and `/` need not be the first byte behind it
    const std::string_view name = entries_[at].name;
    return name.size() == uri.size() + 1 && name.starts_with(uri) && name.back() == '/' &&
           entries_[at].auto_redirect;
}

StaticLocations::Found StaticLocations::find(std::string_view uri) const {
    const std::size_t last = last_up_to(uri);
    if (last != entries_.size() && entries_[last].name == uri) {
        const Entry& entry = entries_[last];
        return entry.exact != none ? Found{Kind::exact, entry.exact}
                                   : Found{Kind::prefix, entry.prefix};
    }
    const std::size_t next = last == entries_.size() ? 0 : last + 1;
    if (next < entries_.size() && entries_[next].name.starts_with(uri)) {
        if (const auto found = find_redirect(uri, next)) {
            return *found;
        }
    }
    for (Index i = last == entries_.size() ? none : static_cast<Index>(last); i != none;
         i = shorter_[i]) {
        if (entries_[i].prefix != none && uri.starts_with(entries_[i].name)) {
            return {Kind::prefix, entries_[i].prefix};
        }
    }
    return {};
}

std::optional<StaticLocations::Found> StaticLocations::find_redirect(std::string_view uri,
                                                                     std::size_t first) const {
    const auto slashed = std::ranges::lower_bound(
        entries_.begin() + static_cast<std::ptrdiff_t>(first), entries_.end(), uri,
        [](std::string_view name, std::string_view text) {
            // as if the text had a `/` at its end
            const int order = name.substr(0, text.size()).compare(text);
            return order < 0 || (order == 0 && name.substr(text.size()) < "/");
        },
        &Entry::name);
    if (slashed == entries_.end() ||
        !is_redirected(uri, static_cast<std::size_t>(slashed - entries_.begin()))) {
        return std::nullopt;
    }
    return Found{Kind::redirect, slashed->exact != none ? slashed->exact : slashed->prefix};
}

} // namespace upstream_lint
