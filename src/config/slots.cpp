#include "config/slots.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/paths.hpp"
#include "config/suggestion.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace upstream_lint::slot {

namespace {

constexpr std::string_view invalid_value = "invalid value";

/// What statements of the same row have set in a block before.
struct Bitmasks {
    std::unordered_map<const DirectiveRow*, std::uint64_t> by_row;
};

/// src/core/ngx_conf_file.c, ngx_conf_deprecated
void warn_of_deprecation(Directive& directive) {
    if (!directive.row().replacement.empty()) {
        directive.warn(0,
                       fmt::format("the \"{}\" directive is deprecated, use the \"{}\" directive "
                                   "instead",
                                   directive.name(), directive.row().replacement));
    }
}

template <typename Parse>
std::optional<std::int64_t> parsed(Directive& directive, Parse parse, std::string_view failure) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    const auto value = parse(directive[1]);
    if (!value) {
        directive.error(1, failure);
    }
    return value;
}

/// The same of a slot that may be deprecated.
template <typename Parse> std::optional<std::int64_t>
parsed_with_warning(Directive& directive, Parse parse, std::string_view failure) {
    const auto value = parsed(directive, parse, failure);
    if (value) {
        warn_of_deprecation(directive);
    }
    return value;
}

/// A word that the row does not have.
void refuse(Directive& directive, std::size_t word) {
    const std::string_view value = c_string(directive[word]);
    Diagnostic& diagnostic = directive.emerg(word, fmt::format("invalid value \"{}\"", value));
    if (const auto hint = did_you_mean(similar_words(value, directive.row().words))) {
        diagnostic.notes.push_back(*hint);
    }
}

} // namespace

std::optional<bool> flag(Directive& directive) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    const std::string_view value = c_string(directive[1]);
    const bool on = equal_ignoring_case(value, "on");
    if (!on && !equal_ignoring_case(value, "off")) {
        directive.emerg(1, fmt::format("invalid value \"{}\" in \"{}\" directive, it must be "
                                       "\"on\" or \"off\"",
                                       value, directive.name()));
        return std::nullopt;
    }
    warn_of_deprecation(directive);
    return on;
}

std::optional<std::string_view> string(Directive& directive) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    warn_of_deprecation(directive);
    return directive[1];
}

std::optional<std::int64_t> number(Directive& directive) {
    return parsed_with_warning(directive, parse_number, "invalid number");
}

std::optional<std::int64_t> number(Directive& directive, std::int64_t low, std::int64_t high) {
    const auto value = number(directive);
    if (!value || (*value >= low && (high == -1 || *value <= high))) {
        return value;
    }
    directive.emerg(1, high == -1 ? fmt::format("value must be equal to or greater than {}", low)
                                  : fmt::format("value must be between {} and {}", low, high));
    return std::nullopt;
}

std::optional<std::int64_t> size(Directive& directive) {
    return parsed_with_warning(directive, parse_size, invalid_value);
}

std::optional<std::int64_t> offset(Directive& directive) {
    return parsed(directive, parse_offset, invalid_value);
}

std::optional<std::int64_t> milliseconds(Directive& directive) {
    const auto parse = [](std::string_view text) {
        return parse_time(text, TimeUnit::milliseconds);
    };
    return parsed_with_warning(directive, parse, invalid_value);
}

std::optional<std::int64_t> seconds(Directive& directive) {
    const auto parse = [](std::string_view text) { return parse_time(text, TimeUnit::seconds); };
    return parsed_with_warning(directive, parse, invalid_value);
}

std::optional<Buffers> buffers(Directive& directive) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    const auto number = parse_number(directive[1]);
    if (number.value_or(0) == 0) {
        directive.error(1, invalid_value);
        return std::nullopt;
    }
    const auto size = parse_size(directive[2]);
    if (size.value_or(0) == 0) {
        directive.error(2, invalid_value);
        return std::nullopt;
    }
    return Buffers{*number, *size};
}

std::optional<std::string_view> enumeration(Directive& directive) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    const auto words = directive.row().words;
    const auto found = std::ranges::find_if(
        words, [&](std::string_view word) { return equal_ignoring_case(word, directive[1]); });
    if (found != words.end()) {
        return *found;
    }
    if (!words.empty()) {
        refuse(directive, 1);
    }
    return std::nullopt;
}

std::optional<std::uint64_t> bitmask(Directive& directive) {
    const auto words = directive.row().words;
    std::uint64_t& mask = directive.scope().conf<Bitmasks>().by_row[&directive.row()];
    for (std::size_t i = 1; i <= directive.size() && !words.empty(); ++i) {
        const auto found = std::ranges::find_if(
            words, [&](std::string_view word) { return equal_ignoring_case(word, directive[i]); });
        if (found == words.end()) {
            refuse(directive, i);
            return std::nullopt;
        }
        const auto bit = std::uint64_t{1} << static_cast<unsigned>(found - words.begin());
        if ((mask & bit) != 0) {
            directive.warn(i, fmt::format("duplicate value \"{}\"", c_string(directive[i])));
        }
        mask |= bit;
    }
    return mask;
}

bool string_array(Directive& directive) {
    warn_of_deprecation(directive);
    return true;
}

bool key_value(Directive& directive) {
    warn_of_deprecation(directive);
    return true;
}

bool path(Directive& directive) {
    if (directive.is_duplicate()) {
        return false;
    }
    std::int64_t length = 0;
    PathLevels levels{};
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        const auto level = parse_number(directive[i]);
        if (level.value_or(0) == 0) {
            directive.error(i, invalid_value);
            return false;
        }
        length += *level + 1;
        levels.at(i - 2) = *level;
    }
    if (length > 10 + static_cast<std::int64_t>(directive.size()) - 1) {
        directive.error(invalid_value);
        return false;
    }
    return add_path(directive, levels, PathUse::temporary);
}

bool access(Directive& directive) {
    if (directive.is_duplicate()) {
        return false;
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = c_string(directive[i]);
        const std::size_t colon = value.find(':');
        const std::string_view who = value.substr(0, colon);
        const std::string_view what =
            colon == std::string_view::npos ? std::string_view() : value.substr(colon + 1);
        if ((who != "user" && who != "group" && who != "all") || (what != "rw" && what != "r")) {
            directive.emerg(i, fmt::format("invalid value \"{}\"", directive[i]));
            return false;
        }
    }
    return true;
}

} // namespace upstream_lint::slot
