#include "config/http_location.hpp"

#include "config/script.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <vector>

namespace upstream_lint {

namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
}

/// The slash comes before all bytes but the end (src/core/ngx_string.c, ngx_filename_cmp).
int compare_names(std::string_view a, std::string_view b, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        unsigned one = byte_at(a, i);
        unsigned two = byte_at(b, i);
        if (one == two && one == 0) {
            return 0;
        }
        if (one == two) {
            continue;
        }
        if (one != 0 && two != 0) {
            one = one == '/' ? 0 : one;
            two = two == '/' ? 0 : two;
        }
        return one < two ? -1 : 1;
    }
    return 0;
}

bool is_static(const LocationWords& location) {
    return location.kind == LocationWords::Kind::exact ||
           location.kind == LocationWords::Kind::inclusive;
}

std::optional<LocationWords> regex_location(Directive& directive, std::size_t word,
                                            std::string_view pattern, Case letters) {
    if (!script::compile_regex(directive, word, pattern, letters, true)) {
        return std::nullopt;
    }
    return LocationWords{.kind = LocationWords::Kind::regex, .letters = letters, .name = pattern};
}

std::optional<LocationWords> with_modifier(Directive& directive) {
    const std::string_view modifier = directive[1];
    const std::string_view name = directive[2];
    if (modifier == "=") {
        return LocationWords{.kind = LocationWords::Kind::exact, .name = name};
    }
    if (modifier == "^~") {
        return LocationWords{
            .kind = LocationWords::Kind::inclusive, .stops_regexes = true, .name = name};
    }
    if (modifier == "~" || modifier == "~*") {
        return regex_location(directive, 2, name,
                              modifier == "~" ? Case::sensitive : Case::insensitive);
    }
    directive.emerg(1, fmt::format("invalid location modifier \"{}\"", modifier))
        .notes.emplace_back("there are `=`, `~`, `~*` and `^~`");
    return std::nullopt;
}

/// The modifier may stand at the name.
std::optional<LocationWords> in_one_word(Directive& directive) {
    const std::string_view word = directive[1];
    if (word.starts_with('=')) {
        return LocationWords{.kind = LocationWords::Kind::exact, .name = word.substr(1)};
    }
    if (word.starts_with("^~")) {
        return LocationWords{
            .kind = LocationWords::Kind::inclusive, .stops_regexes = true, .name = word.substr(2)};
    }
    if (word.starts_with("~*")) {
        return regex_location(directive, 1, word.substr(2), Case::insensitive);
    }
    if (word.starts_with('~')) {
        return regex_location(directive, 1, word.substr(1), Case::sensitive);
    }
    return LocationWords{.kind = word.starts_with('@') ? LocationWords::Kind::named
                                                       : LocationWords::Kind::inclusive,
                         .name = word};
}

std::optional<std::string> nesting_error(const LocationWords& outer, const LocationWords& inner) {
    if (outer.kind == LocationWords::Kind::exact || outer.kind == LocationWords::Kind::named) {
        return fmt::format("location \"{}\" cannot be inside the {} location \"{}\"", inner.name,
                           outer.kind == LocationWords::Kind::exact ? "exact" : "named",
                           outer.name);
    }
    if (inner.kind == LocationWords::Kind::named) {
        return fmt::format("named location \"{}\" can be on the server level only", inner.name);
    }
    if (inner.kind != LocationWords::Kind::regex &&
        compare_names(inner.name, outer.name, outer.name.size()) != 0) {
        return fmt::format("location \"{}\" is outside location \"{}\"", inner.name, outer.name);
    }
    return std::nullopt;
}

bool is_nested_well(Directive& directive, const LocationWords& inner) {
    const LocationWords* const outer = location_of(directive.scope());
    if (outer == nullptr) {
        return true;
    }
    const auto error = nesting_error(*outer, inner);
    if (error) {
        directive.emerg(directive.size(), *error, Cause::conflict)
            .label(directive.cycle().place(directive.scope()), "inside this one");
    }
    return !error;
}

/// A location of static name and its block.
struct Leaf {
    const LocationWords* location;
    const Scope* scope;
};

/// ngx_http_cmp_locations
bool leaf_less(const Leaf& a, const Leaf& b) {
    const std::size_t count = std::min(a.location->name.size(), b.location->name.size()) + 1;
    const int order = compare_names(a.location->name, b.location->name, count);
    return order != 0 ? order < 0
                      : a.location->kind == LocationWords::Kind::exact &&
                            b.location->kind != LocationWords::Kind::exact;
}

std::vector<Leaf> sorted_leaves(const Scope& block) {
    std::vector<Leaf> leaves;
    for (Scope* child = block.first_child(); child != nullptr; child = child->next_sibling()) {
        const LocationWords* const location = location_of(*child);
        if (location != nullptr && is_static(*location)) {
            leaves.push_back({location, child});
        }
    }
    std::ranges::stable_sort(leaves, leaf_less);
    return leaves;
}

void report_duplicate(Cycle& cycle, const Leaf& first, const Leaf& again) {
    const Place place = cycle.place(*again.scope);
    cycle
        .report_without_place(Level::emerg,
                              fmt::format("duplicate location \"{}\" in {}", again.location->name,
                                          cycle.position_text(place)),
                              place, Cause::duplicate)
        .label(cycle.place(*first.scope), "first here");
}

/// Names stand together once as an exact location and once as another
/// (ngx_http_join_exact_locations).
void join_exact_locations(Cycle& cycle, const std::vector<Leaf>& leaves) {
    std::size_t begin = 0;
    for (std::size_t i = 1; i < leaves.size(); ++i) {
        const LocationWords& first = *leaves[begin].location;
        const LocationWords& next = *leaves[i].location;
        if (first.name.size() != next.name.size() ||
            compare_names(first.name, next.name, next.name.size()) != 0) {
            begin = i;
            continue;
        }
        if (leaves[i - 1].location->kind == next.kind) {
            report_duplicate(cycle, leaves[i - 1], leaves[i]);
        }
    }
}

/// Inner locations come first. What is in locations that are no static ones is not looked at.
void init_static_locations(Cycle& cycle, const Scope& server) {
    struct Level {
        std::vector<Leaf> leaves;
        std::size_t next = 0;
    };

    std::vector<Level> levels;
    levels.push_back({sorted_leaves(server)});
    while (!levels.empty()) {
        Level& level = levels.back();
        if (level.next < level.leaves.size()) {
            const Scope& inner = *level.leaves[level.next++].scope;
            if (inner.first_child() != nullptr) {
                levels.push_back({sorted_leaves(inner)});
            }
            continue;
        }
        join_exact_locations(cycle, level.leaves);
        levels.pop_back();
    }
}

} // namespace

const LocationWords* location_of(const Scope& scope) {
    return scope.find<LocationWords>();
}

void set_location(Directive& directive) {
    const auto location = directive.size() == 2 ? with_modifier(directive) : in_one_word(directive);
    if (location && is_nested_well(directive, *location)) {
        directive.set_begin_handler(
            [location](Scope& block) { block.conf<LocationWords>() = *location; });
    }
}

void init_locations(Cycle& cycle, Scope& http, const Place& /*brace*/) {
    for (Scope* server = http.first_child(); server != nullptr; server = server->next_sibling()) {
        if (server->context() == Context::server) {
            init_static_locations(cycle, *server);
        }
    }
}

} // namespace upstream_lint
