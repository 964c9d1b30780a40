#include "config/ascii.hpp"
#include "config/http_types.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>
#include <vector>

/// src/http/modules/ngx_http_charset_filter_module.c
namespace upstream_lint {

namespace {

constexpr std::size_t off = static_cast<std::size_t>(-1);
constexpr std::size_t variable = static_cast<std::size_t>(-2);

struct Pair {
    std::size_t from; ///< indices of Charsets::names
    std::size_t to;
    Place place;

    [[nodiscard]] bool joins(const Pair& other) const {
        return (from == other.from && to == other.to) || (from == other.to && to == other.from);
    }
};

/// Kept by `http`.
struct Charsets {
    std::vector<std::string_view> names;
    std::vector<Pair> maps;
    std::vector<Pair> recodings; ///< those that locations ask for
};

struct Setting {
    std::size_t charset = off; ///< an index, or one of the constants
    Place place;
};

/// Kept by a location or what stands in its place.
struct LocationCharset {
    std::optional<Setting> charset;
    std::optional<Setting> source;
};

/// ngx_http_add_charset
std::size_t add_charset(Charsets& charsets, std::string_view name) {
    const auto known = std::ranges::find_if(
        charsets.names, [name](std::string_view each) { return equal_ignoring_case(each, name); });
    const auto index = static_cast<std::size_t>(known - charsets.names.begin());
    if (known == charsets.names.end()) {
        charsets.names.push_back(name);
    }
    return index;
}

Charsets& charsets_around(Scope& scope) {
    Scope* const http = scope.protocol_block();
    return (http != nullptr ? *http : scope).conf<Charsets>();
}

/// ngx_http_set_charset_slot
std::optional<Setting> set_charset(Directive& directive, bool may_be_off) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    const std::string_view name = directive[1];
    if (may_be_off && c_string(name) == "off") {
        return Setting{off, directive.place()};
    }
    if (!name.starts_with('$')) {
        return Setting{add_charset(charsets_around(directive.scope()), name), directive.place()};
    }
    if (name.size() == 1) {
        directive.emerg(1, "invalid variable name \"$\"", Cause::variable);
        return std::nullopt;
    }
    script::use_variable(directive, 1, name.substr(1));
    return Setting{variable, directive.place()};
}

void charset(Directive& directive) {
    if (const auto setting = set_charset(directive, true)) {
        directive.scope().conf<LocationCharset>().charset = setting;
    }
}

void source_charset(Directive& directive) {
    if (const auto setting = set_charset(directive, false)) {
        directive.scope().conf<LocationCharset>().source = setting;
    }
}

std::optional<std::int64_t> parse_byte(std::string_view text) {
    const auto value = parse_hexadecimal(text);
    return value.value_or(256) > 255 ? std::nullopt : value;
}

/// Whether the bytes begin with a character of the basic plane that is not ASCII
/// (src/core/ngx_string.c, ngx_utf8_decode).
bool begins_with_character(const std::vector<std::uint8_t>& bytes) {
    if (bytes.empty() || bytes[0] < 0xC2 || bytes[0] >= 0xF8) {
        return false;
    }
    const std::size_t more = bytes[0] >= 0xF0 ? 3 : bytes[0] >= 0xE0 ? 2 : 1;
    if (bytes.size() - 1 < more) {
        return false;
    }
    constexpr std::array<std::uint32_t, 4> least = {0, 0x80, 0x800, 0x10000};
    std::uint32_t character = bytes[0] & (0x3FU >> more);
    for (std::size_t i = 1; i <= more; ++i) {
        if (bytes[i] < 0x80) {
            return false;
        }
        character = character << 6U | (bytes[i] & 0x3FU);
    }
    return character >= least[more] && character <= 0xFFFF;
}

bool is_utf8(const Cycle& cycle, std::string_view text) {
    constexpr std::size_t most_digits = 6;
    if (text.size() > most_digits && !cycle.before(1, 29, 0)) {
        return false;
    }
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto byte = text.size() - i < 2 ? std::nullopt : parse_byte(text.substr(i, 2));
        if (!byte) {
            return false;
        }
        bytes.push_back(static_cast<std::uint8_t>(*byte));
    }
    return begins_with_character(bytes);
}

/// ngx_http_charset_map
void map_line(Directive& line, bool (*is_valid)(const Cycle&, std::string_view)) {
    if (line.size() != 1) {
        line.emerg(0, "invalid parameters number", Cause::arguments);
        return;
    }
    if (!parse_byte(line[0])) {
        line.emerg(0, fmt::format("invalid value \"{}\"", line[0]));
        return;
    }
    if (!is_valid(line.cycle(), line[1])) {
        line.emerg(1, fmt::format("invalid value \"{}\"", line[1]));
    }
}

void byte_line(Directive& line) {
    map_line(line,
             [](const Cycle&, std::string_view text) { return parse_byte(text).has_value(); });
}

void utf8_line(Directive& line) {
    map_line(line, is_utf8);
}

bool may_map_from_utf8(const Cycle& cycle) {
    return cycle.before(1, 30, 6) || (!cycle.before(1, 31, 0) && cycle.before(1, 31, 3));
}

/// ngx_http_charset_map_block
void charset_map(Directive& directive) {
    auto& charsets = charsets_around(directive.scope());
    const Pair pair{add_charset(charsets, directive[1]), add_charset(charsets, directive[2]),
                    directive.place()};
    directive.set_line_handler(equal_ignoring_case(directive[2], "utf-8") ? utf8_line : byte_line);
    if (pair.from == pair.to) {
        directive.emerg(2, fmt::format("\"charset_map\" between the same charsets \"{}\" and "
                                       "\"{}\"",
                                       directive[1], directive[2]));
        return;
    }
    if (!may_map_from_utf8(directive.cycle()) && equal_ignoring_case(directive[1], "utf-8")) {
        directive.emerg(1, "\"charset_map\" with \"utf-8\" charset should be given in the second "
                           "column");
        return;
    }
    // nginx compares with the first one alone, however many there are
    if (!charsets.maps.empty() && charsets.maps.front().joins(pair)) {
        directive
            .emerg(0,
                   fmt::format("duplicate \"charset_map\" between \"{}\" and \"{}\"", directive[1],
                               directive[2]),
                   Cause::duplicate)
            .label(charsets.maps.front().place, "first here");
        return;
    }
    charsets.maps.push_back(pair);
}

/// ngx_http_charset_merge_loc_conf
void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    merge_types(cycle, parent, child, "charset_types");
    if (charsets_around(child).names.empty()) {
        return;
    }
    if (auto* const own = child.find<LocationCharset>()) {
        const auto& outer = parent.inherited<LocationCharset>();
        own->charset = own->charset ? own->charset : outer.charset;
        own->source = own->source ? own->source : outer.source;
    }
    const auto& conf = child.inherited<LocationCharset>();
    const Setting to = conf.charset.value_or(Setting{});
    const Setting from = conf.source.value_or(Setting{});
    if (to.charset == off || from.charset == off || to.charset == from.charset ||
        to.charset == variable || from.charset == variable) {
        return;
    }
    auto& recodings = charsets_around(child).recodings;
    const bool is_known = std::ranges::any_of(recodings, [&](const Pair& each) {
        return each.from == from.charset && each.to == to.charset;
    });
    if (!is_known) {
        recodings.push_back({from.charset, to.charset, to.place});
    }
}

/// ngx_http_charset_postconfiguration
void postconfiguration(Cycle& cycle, Scope& main, const Place& /*brace*/) {
    const Charsets* const charsets = main.find<Charsets>();
    if (charsets == nullptr || cycle.is_partial()) {
        return;
    }
    const auto is_missing = [charsets](const Pair& recoding) {
        return std::ranges::none_of(charsets->maps,
                                    [&](const Pair& map) { return map.joins(recoding); });
    };
    const auto wrong = std::ranges::find_if(charsets->recodings, is_missing);
    if (wrong != charsets->recodings.end()) {
        cycle.report_without_place(
            Level::emerg,
            fmt::format("no \"charset_map\" between the charsets \"{}\" and \"{}\"",
                        charsets->names[wrong->from], charsets->names[wrong->to]),
            wrong->place, Cause::reference);
    }
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"charset", charset},
    {"charset_map", charset_map},
    {"source_charset", source_charset},
}};

} // namespace

const ModuleSetters ngx_http_charset_filter_module = {"ngx_http_charset_filter",
                                                      setters,
                                                      {.merge_location = merge_location,
                                                       .merges_unused = false,
                                                       .postconfiguration = postconfiguration}};

} // namespace upstream_lint
