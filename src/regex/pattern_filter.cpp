#include "regex/pattern_filter.hpp"

#include <algorithm>

namespace upstream_lint {

namespace {

bool is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Behind `[:alpha:]`; where there is none, behind the bracket.
std::size_t end_of_class_name(std::string_view pattern, std::size_t at) {
    const std::size_t end = pattern.find_first_not_of("abcdefghijklmnopqrstuvwxyz^", at + 2);
    return end != std::string_view::npos && pattern.substr(end).starts_with(":]") ? end + 2
                                                                                  : at + 1;
}

/// Behind the class that begins there, or the end.
std::size_t end_of_class(std::string_view pattern, std::size_t at) {
    ++at;
    at += pattern.substr(at).starts_with('^') ? 1U : 0U;
    at += pattern.substr(at).starts_with(']') ? 1U : 0U;
    while (at < pattern.size() && pattern[at] != ']') {
        if (pattern.substr(at).starts_with("[:")) {
            at = end_of_class_name(pattern, at);
        } else {
            at += pattern[at] == '\\' ? 2U : 1U;
        }
    }
    return std::min(at + 1, pattern.size());
}

/// Whether what follows a group or text may be read otherwise than it looks: comments, blanks that
/// do not count, quotations, control characters.
bool is_special(std::string_view pattern) {
    for (std::size_t at = pattern.find("(?"); at != std::string_view::npos;
         at = pattern.find("(?", at + 1)) {
        const char next = at + 2 < pattern.size() ? pattern[at + 2] : '#';
        if (std::string_view(":=!<|P").find(next) == std::string_view::npos) {
            return true;
        }
    }
    return pattern.find("\\Q") != std::string_view::npos ||
           pattern.find("\\E") != std::string_view::npos ||
           pattern.find("\\c") != std::string_view::npos ||
           pattern.find("(*") != std::string_view::npos;
}

/// Outside of all groups.
bool has_alternatives(std::string_view pattern) {
    std::size_t depth = 0;
    for (std::size_t at = 0; at < pattern.size();) {
        switch (pattern[at]) {
        case '\\':
            at += 2;
            continue;
        case '[':
            at = end_of_class(pattern, at);
            continue;
        case '(':
            ++depth;
            break;
        case ')':
            depth -= depth > 0 ? 1U : 0U;
            break;
        case '|':
            if (depth == 0) {
                return true;
            }
            break;
        default:
            break;
        }
        ++at;
    }
    return false;
}

} // namespace

std::string literal_beginning(std::string_view pattern, Case letters) {
    if (letters == Case::insensitive || !pattern.starts_with('^') || is_special(pattern) ||
        has_alternatives(pattern)) {
        return {};
    }
    std::string beginning;
    for (std::size_t at = 1; at < pattern.size(); ++at) {
        const bool is_escaped = pattern[at] == '\\';
        const char c = is_escaped && at + 1 < pattern.size() ? pattern[at + 1] : pattern[at];
        const bool is_repeated = std::string_view("?*{").find(c) != std::string_view::npos;
        if (is_repeated && !is_escaped) {
            if (!beginning.empty()) {
                beginning.pop_back();
            }
            break;
        }
        const bool is_literal =
            is_escaped ? !is_alphanumeric(c) && c != '\\'
                       : is_alphanumeric(c) || std::string_view("/-_~ ,;:=@%&!'\"<>").find(c) !=
                                                   std::string_view::npos;
        if (!is_literal) {
            break;
        }
        beginning += c;
        at += is_escaped ? 1U : 0U;
    }
    return beginning;
}

void PatternFilter::add(std::string_view pattern, Case letters) {
    std::string beginning = literal_beginning(pattern, letters);
    if (beginning.empty()) {
        others_.push_back(count_++);
        return;
    }
    const auto place = std::ranges::lower_bound(lengths_, beginning.size());
    if (place == lengths_.end() || *place != beginning.size()) {
        lengths_.insert(place, beginning.size());
    }
    by_beginning_[std::move(beginning)].push_back(count_++);
}

std::vector<std::uint32_t> PatternFilter::candidates(std::string_view text) const {
    std::vector<std::uint32_t> found = others_;
    for (const std::size_t length : lengths_) {
        if (length > text.size()) {
            break;
        }
        const auto same = by_beginning_.find(text.substr(0, length));
        if (same != by_beginning_.end()) {
            found.insert(found.end(), same->second.begin(), same->second.end());
        }
    }
    std::ranges::sort(found);
    return found;
}

} // namespace upstream_lint
