#include "config/modules/ngx_http_file_cache.hpp"

#include "config/messages.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/paths.hpp"
#include "config/shared_memory.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint::file_cache {

namespace {

constexpr std::int64_t min_zone_size = 2 * page_size;
constexpr std::size_t max_levels = 3; // NGX_MAX_PATH_LEVEL
constexpr std::int64_t min_status = 100;
constexpr std::int64_t max_status = 599;

/// The zone of `keys_zone=NAME:SIZE`.
struct KeysZone {
    std::string_view name;
    std::int64_t size = 0;
    std::size_t word = 0;
};

bool levels_are_valid(std::string_view text) {
    for (std::size_t level = 0; level < max_levels && !text.empty(); ++level) {
        if (text[0] != '1' && text[0] != '2') {
            return false;
        }
        text.remove_prefix(1);
        if (text.empty()) {
            return true;
        }
        if (text[0] != ':' || level + 1 == max_levels || text.size() == 1) {
            return false;
        }
        text.remove_prefix(1);
    }
    return true;
}

bool keys_zone(Directive& directive, std::size_t word, std::string_view value, KeysZone& zone) {
    const std::size_t colon = c_string(value).find(':');
    const auto size =
        colon == std::string_view::npos ? std::nullopt : parse_size(value.substr(colon + 1));
    if (!size) {
        directive.emerg(word, fmt::format("invalid keys zone size \"{}\"", directive[word]))
            .notes.emplace_back("it is given as `keys_zone=NAME:SIZE`");
        return false;
    }
    if (*size < min_zone_size) {
        directive.emerg(word, fmt::format("keys zone \"{}\" is too small", directive[word]))
            .notes.push_back(fmt::format("the least is {}k", min_zone_size / 1024));
        return false;
    }
    zone = {value.substr(0, colon), *size, word};
    return true;
}

bool is_number(std::string_view text) {
    return parse_number(text).has_value();
}

bool is_offset(std::string_view text) {
    return parse_offset(text).has_value();
}

bool is_seconds(std::string_view text) {
    return parse_time(text, TimeUnit::seconds).has_value();
}

bool is_milliseconds(std::string_view text) {
    return parse_time(text, TimeUnit::milliseconds).has_value();
}

/// A parameter with an amount, whose message names it.
struct Amount {
    std::string_view name; ///< with its `=`
    bool (*is_valid)(std::string_view text);
};

constexpr std::array<Amount, 9> amounts = {{
    {"inactive=", is_seconds},
    {"max_size=", is_offset},
    {"min_free=", is_offset},
    {"loader_files=", is_number},
    {"loader_sleep=", is_milliseconds},
    {"loader_threshold=", is_milliseconds},
    {"manager_files=", is_number},
    {"manager_sleep=", is_milliseconds},
    {"manager_threshold=", is_milliseconds},
}};

constexpr std::array<std::string_view, 12> parameters = {
    "levels=",        "use_temp_path=", "keys_zone=",         "inactive=",
    "max_size=",      "min_free=",      "loader_files=",      "loader_sleep=",
    "manager_files=", "manager_sleep=", "manager_threshold=", "loader_threshold="};

const Amount* amount_of(std::string_view word, const Cycle& cycle) {
    const auto found = std::ranges::find_if(
        amounts, [word](const Amount& amount) { return word.starts_with(amount.name); });
    const bool is_there =
        found != amounts.end() && (found->name != "min_free=" || !cycle.before(1, 19, 1));
    return is_there ? &*found : nullptr;
}

/// One parameter; false when it has been found wrong.
bool path_parameter(Directive& directive, std::size_t i, KeysZone& zone) {
    const std::string_view word = directive[i];
    const std::string_view value = word.substr(std::min(word.size(), word.find('=') + 1));
    if (word.starts_with("levels=")) {
        if (!levels_are_valid(value)) {
            directive.emerg(i, fmt::format("invalid \"levels\" \"{}\"", word));
            return false;
        }
        return true;
    }
    if (word.starts_with("use_temp_path=")) {
        if (c_string(value) != "on" && c_string(value) != "off") {
            directive.emerg(i, fmt::format("invalid use_temp_path value \"{}\", it must be \"on\" "
                                           "or \"off\"",
                                           word));
            return false;
        }
        return true;
    }
    if (word.starts_with("keys_zone=")) {
        return keys_zone(directive, i, value, zone);
    }
    const Amount* const amount = amount_of(word, directive.cycle());
    if (amount == nullptr) {
        upstream::report_parameter(directive, i, parameters);
        return false;
    }
    if (!amount->is_valid(value)) {
        const std::string_view name = amount->name.substr(0, amount->name.size() - 1);
        directive.emerg(i, fmt::format("invalid {} value \"{}\"", name, word));
        return false;
    }
    return true;
}

} // namespace

void path(Directive& directive) {
    KeysZone keys;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!path_parameter(directive, i, keys)) {
            return;
        }
    }
    if (keys.name.empty() || keys.size == 0) {
        directive.emerg(0,
                        fmt::format("\"{}\" must have \"keys_zone\" parameter", directive.name()),
                        Cause::missing);
        return;
    }
    if (!add_path(directive, {}, PathUse::cache)) {
        return;
    }
    SharedZone* const zone = add_shared_zone(directive, keys.word, keys.name, keys.size,
                                             module_name(directive.row().module));
    if (zone == nullptr) {
        return;
    }
    if (!zone->data.empty()) {
        directive
            .emerg(keys.word, fmt::format("duplicate zone \"{}\"", keys.name), Cause::duplicate)
            .label(zone->place, "first here");
        return;
    }
    zone->data = directive[1].empty() ? zone->name : directive[1];
}

void valid(Directive& directive) {
    const std::size_t last = directive.size();
    if (!is_seconds(directive[last])) {
        directive.emerg(last, fmt::format("invalid time value \"{}\"", directive[last]));
        return;
    }
    for (std::size_t i = 1; i < last; ++i) {
        const std::int64_t status = parse_number(directive[i]).value_or(0);
        if (c_string(directive[i]) != "any" && (status < min_status || status > max_status)) {
            directive.emerg(i, fmt::format("invalid status \"{}\"", directive[i]));
            return;
        }
    }
}

} // namespace upstream_lint::file_cache
