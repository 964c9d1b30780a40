#pragma once

#include "config/directive.hpp"
#include "regex/regex.hpp"

#include <string_view>

/// The locations of `http` (src/http/ngx_http.c, src/http/ngx_http_core_module.c).
namespace upstream_lint {

/// What the words of a location say. Kept by its block.
struct LocationWords {
    enum class Kind : std::uint8_t {
        exact,     ///< `= /name`
        inclusive, ///< `/name`, `^~ /name`
        regex,
        named, ///< `@name`
    };

    Kind kind = Kind::inclusive;
    bool stops_regexes = false;     ///< `^~`
    Case letters = Case::sensitive; ///< of a regex
    std::string_view name;          ///< without what stands before it; of a regex its pattern
};

/// The location that a block is, or null when it is none or its words were wrong.
[[nodiscard]] const LocationWords* location_of(const Scope& scope);

/// Takes `location` (ngx_http_core_location).
void set_location(Directive& directive);

/// Looks for locations that stand twice (ngx_http_init_locations,
/// ngx_http_init_static_location_trees).
void init_locations(Cycle& cycle, Scope& http, const Place& brace);

} // namespace upstream_lint
