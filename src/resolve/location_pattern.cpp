#include "resolve/location_pattern.hpp"

#include "regex/regex.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::size_t max_depth = 64;

std::string quoted(std::string_view text) {
    std::string pattern;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x7f || c == '#') {
            pattern += fmt::format("\\x{:02x}", byte);
        } else {
            pattern +=
                std::string_view("\\^$.[]|()?*+{}").find(c) != std::string_view::npos ? "\\" : "";
            pattern += c;
        }
    }
    return pattern;
}

std::string is_not(const std::string& alternatives) {
    return alternatives.empty() ? "" : "(?!" + alternatives + ")";
}

/// Options within a pattern that make blanks and comments of what stands behind it.
bool has_extended_option(std::string_view pattern, std::size_t group) {
    const std::size_t end = pattern.find_first_not_of("^imnsxJU-", group);
    return pattern.substr(group, end - group).find('x') != std::string_view::npos;
}

/// Whether a pattern means the same as a part of another one: it does not name its own groups, and
/// says nothing of the whole.
bool can_be_part(std::string_view pattern) {
    static constexpr std::array<std::string_view, 9> refused = {"\\Q", "\\g", "\\k", "\\K", "(*",
                                                                "(?P", "(?&", "(?R", "(?("};
    for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
        const std::string_view rest = pattern.substr(i);
        if (std::ranges::any_of(refused, [&](auto each) { return rest.starts_with(each); })) {
            return false;
        }
        if (rest.starts_with("(?") && rest.size() > 2) {
            const bool is_call =
                std::string_view("0123456789+C").find(rest[2]) != std::string_view::npos ||
                (rest[2] == '-' && rest.size() > 3 && rest[3] <= '9');
            if (is_call || has_extended_option(rest, 2)) {
                return false;
            }
        }
        if (rest[0] == '\\') {
            if (rest[1] >= '1' && rest[1] <= '9') {
                return false;
            }
            ++i;
        }
    }
    return true;
}

} // namespace

LocationPatterns::LocationPatterns(const Model& model) : model_(model) {
    for (std::uint32_t i = 0; i < model.locations().size(); ++i) {
        const Location& location = model.location({i});
        if (location.kind == Location::Kind::exact) {
            levels_[location.parent].exact.try_emplace(location.name, LocationId{i});
        } else if (location.kind == Location::Kind::prefix) {
            levels_[location.parent].prefixes.try_emplace(location.name, LocationId{i});
        }
    }
    for (auto& [id, level] : levels_) {
        finish(level);
    }
}

/// Notes what is taken whole (ngx_http_core_find_static_location).
void LocationPatterns::finish(Level& level) const {
    const auto add_redirect = [&](std::string_view name, LocationId id) {
        if (!model_.location(id).has_pass || !name.ends_with('/')) {
            return;
        }
        const std::string_view text = name.substr(0, name.size() - 1);
        if (!level.exact.contains(text) && !level.prefixes.contains(text)) {
            level.texts.push_back(text);
        }
    };
    for (const auto& [name, id] : level.exact) {
        level.texts.push_back(name);
        add_redirect(name, id);
    }
    for (const auto& [name, id] : level.prefixes) {
        add_redirect(name, id);
    }
    std::ranges::sort(level.texts);
    level.texts.erase(std::unique(level.texts.begin(), level.texts.end()), level.texts.end());
}

const LocationPatterns::Level& LocationPatterns::level_of(LocationId id) const {
    static const Level nothing;
    const auto found = levels_.find(id);
    return found == levels_.end() ? nothing : found->second;
}

std::optional<std::string> LocationPatterns::of(LocationId id) {
    is_impossible_ = false;
    std::string pattern;
    switch (model_.location(id).kind) {
    case Location::Kind::exact:
        pattern = exact(id);
        break;
    case Location::Kind::prefix:
        pattern = prefix(id);
        break;
    case Location::Kind::regex:
        pattern = regex(id);
        break;
    default:
        return std::nullopt;
    }
    std::optional<Regex> compiled;
    if (is_impossible_ || pattern.size() > max_length ||
        Regex::compile(pattern, Case::sensitive, RegexLibrary::pcre2, compiled)) {
        return std::nullopt;
    }
    return pattern;
}

std::string LocationPatterns::exact(LocationId id) {
    const Location& location = model_.location(id);
    std::string pattern = "^";
    add_entered(location.parent, location.name, pattern, 0);
    return pattern + quoted(location.name) + "\\z";
}

std::string LocationPatterns::prefix(LocationId id) {
    const Location& location = model_.location(id);
    std::string pattern = "^";
    add_entered(location.parent, location.name, pattern, 0);
    // those that stand in it first, then those beside it, as long as nothing forbids it
    Alternatives regexes;
    add_regexes(id, {}, regexes);
    for (LocationId at = id; model_.location(at).kind == Location::Kind::prefix;
         at = model_.location(at).parent) {
        if (!model_.location(at).stops_regexes) {
            add_regexes(model_.location(at).parent, {}, regexes);
        }
    }
    pattern += is_not(join(regexes)) + quoted(location.name);
    Alternatives rests;
    add_longer(location.parent, location.name, rests);
    const Level& inner = level_of(id);
    if (inner.prefixes.contains(location.name)) {
        rests.emplace_back("(?s:.*)");
    } else {
        add_longer(id, location.name, rests);
    }
    return pattern + is_not(join(rests));
}

std::string LocationPatterns::regex(LocationId id) {
    std::string pattern = "^";
    add_before_regex(id, pattern, 0);
    Alternatives inner;
    add_regexes(id, {}, inner);
    pattern += is_not(join(inner));
    if (pattern == "^") {
        pattern.clear();
        const Location& location = model_.location(id);
        return location.ignores_case ? "(?i)" + std::string(location.name)
                                     : std::string(location.name);
    }
    return pattern + text_of(id);
}

/// What goes on behind a name to a longer prefix beside it, or is taken whole.
void LocationPatterns::add_longer(LocationId level, std::string_view name,
                                  Alternatives& rests) const {
    const Level& beside = level_of(level);
    for (auto text = std::ranges::lower_bound(beside.texts, name);
         text != beside.texts.end() && text->starts_with(name); ++text) {
        rests.push_back(quoted(text->substr(name.size())) + "\\z");
    }
    std::string_view last;
    for (auto longer = beside.prefixes.upper_bound(name);
         longer != beside.prefixes.end() && longer->first.starts_with(name); ++longer) {
        if (last.empty() || !longer->first.starts_with(last)) {
            last = longer->first;
            rests.push_back(quoted(last.substr(name.size())));
        }
    }
}

/// What begins with the name of a prefix and no longer one beside it.
std::string LocationPatterns::owned(LocationId prefix) const {
    const Location& location = model_.location(prefix);
    Alternatives rests;
    add_longer(location.parent, location.name, rests);
    std::string joined;
    for (const std::string& rest : rests) {
        joined += (joined.empty() ? "" : "|") + rest;
    }
    return quoted(location.name) + is_not(joined);
}

/// What lets nginx look into a level at all, for URIs that begin with a text.
void LocationPatterns::add_entered(LocationId level, std::string_view begin, std::string& pattern,
                                   std::size_t depth) {
    const Location& location = model_.location(level);
    if (location.kind == Location::Kind::server) {
        return;
    }
    if (location.kind != Location::Kind::prefix || depth == max_depth) {
        is_impossible_ = true; // nothing exact and no prefix is found in a regular expression
        return;
    }
    add_entered(location.parent, begin, pattern, depth + 1);
    const std::string wanted = owned(level);
    const bool is_said = begin.starts_with(location.name) && wanted == quoted(location.name);
    pattern += is_said ? std::string() : "(?=" + wanted + ")";
}

/// What lets nginx try a regular expression: nothing that ends its search before, and none of those
/// before it.
void LocationPatterns::add_before_regex(LocationId regex, std::string& pattern, std::size_t depth) {
    const LocationId level = model_.location(regex).parent;
    if (depth == max_depth) {
        is_impossible_ = true;
        return;
    }
    if (model_.location(level).kind == Location::Kind::regex) {
        add_before_regex(level, pattern, depth + 1);
        pattern += "(?=" + text_of(level) + ")";
    } else {
        add_entered(level, {}, pattern, depth);
    }
    Alternatives before;
    add_static_ends(level, before, depth);
    add_regexes(level, regex, before);
    pattern += is_not(join(before));
}

/// What ends the search in a level or below it.
void LocationPatterns::add_ends(LocationId level, Alternatives& ends, std::size_t depth) {
    Alternatives regexes;
    add_regexes(level, {}, regexes);
    const std::string tried = join(regexes);
    if (!tried.empty()) {
        Alternatives skipping;
        for (const auto& [name, id] : level_of(level).prefixes) {
            if (model_.location(id).stops_regexes) {
                skipping.push_back(owned(id));
            }
        }
        ends.push_back(skipping.empty() ? tried : is_not(join(skipping)) + "(?:" + tried + ")");
    }
    for (const std::string_view text : level_of(level).texts) {
        ends.push_back(quoted(text) + "\\z");
    }
    for (const auto& [name, id] : level_of(level).prefixes) {
        if (depth == max_depth) {
            is_impossible_ = true;
            return;
        }
        Alternatives inner;
        add_ends(id, inner, depth + 1);
        if (!inner.empty()) {
            ends.push_back("(?=" + owned(id) + ")(?:" + join(inner) + ")");
        }
    }
}

/// What ends the search before the regular expressions of a level are tried.
void LocationPatterns::add_static_ends(LocationId level, Alternatives& ends, std::size_t depth) {
    for (const std::string_view text : level_of(level).texts) {
        ends.push_back(quoted(text) + "\\z");
    }
    for (const auto& [name, id] : level_of(level).prefixes) {
        if (model_.location(id).stops_regexes) {
            ends.push_back(owned(id));
            continue;
        }
        Alternatives inner;
        add_ends(id, inner, depth + 1);
        if (!inner.empty()) {
            ends.push_back("(?=" + owned(id) + ")(?:" + join(inner) + ")");
        }
    }
}

/// Those of a level before one of them, or all.
void LocationPatterns::add_regexes(LocationId level, LocationId until, Alternatives& regexes) {
    for (const LocationId id : model_.regex_locations(level)) {
        if (id == until) {
            return;
        }
        regexes.push_back(text_of(id));
    }
}

/// What is found at the beginning of a URI where a regular expression is found anywhere in it.
std::string LocationPatterns::text_of(LocationId regex) {
    const Location& location = model_.location(regex);
    const std::string name(location.name);
    is_impossible_ = is_impossible_ || !can_be_part(name);
    const bool is_plain = name.starts_with('^') && name.find('|') == std::string::npos &&
                          name.find("(?") == std::string::npos;
    std::string text = is_plain ? name : "(?s:.*?)(?:" + name + ")";
    return location.ignores_case ? "(?i:" + text + ")" : text;
}

std::string LocationPatterns::join(const Alternatives& alternatives) {
    std::string joined;
    for (const std::string& each : alternatives) {
        joined += (joined.empty() ? "" : "|") + each;
        if (joined.size() > max_length) {
            is_impossible_ = true;
            break;
        }
    }
    return joined;
}

} // namespace upstream_lint
