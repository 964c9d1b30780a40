#include "config/modules/modules.hpp"
#include "config/shared_memory.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <optional>
#include <string>

/// arut/nginx-dav-ext-module, ngx_http_dav_ext_module.c
namespace upstream_lint {

namespace {

constexpr std::string_view zone_is = "zone=";
constexpr std::string_view timeout_is = "timeout=";

std::string needs_zone(const Directive& directive) {
    return fmt::format("\"{}\" must have \"zone\" parameter", directive.row().name);
}

bool take_timeout(Directive& directive, std::size_t word) {
    const auto timeout = parse_time(directive[word].substr(timeout_is.size()), TimeUnit::seconds);
    if (timeout.value_or(0) == 0) {
        directive.emerg(word, fmt::format("invalid timeout value \"{}\"", directive[word]));
        return false;
    }
    return true;
}

/// The last word that names a zone counts.
bool take_zone(Directive& directive, std::size_t word, std::optional<ZoneParameter>& zone) {
    zone = zone_parameter(directive, word);
    return zone.has_value();
}

/// ngx_http_dav_ext_lock_zone
void dav_ext_lock_zone(Directive& directive) {
    std::optional<ZoneParameter> zone;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (directive[i].starts_with(zone_is)) {
            if (!take_zone(directive, i, zone)) {
                return;
            }
        } else if (directive[i].starts_with(timeout_is)) {
            if (!take_timeout(directive, i)) {
                return;
            }
        } else {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", directive[i]))
                .notes.emplace_back("it takes `zone=NAME:SIZE` and `timeout=TIME`");
            return;
        }
    }
    if (!zone || zone->name.empty()) {
        directive.emerg(0, needs_zone(directive), Cause::missing);
        return;
    }
    SharedZone* const shared =
        add_shared_zone(directive, 1, zone->name, zone->size, module_name(directive.row().module));
    if (shared == nullptr) {
        return;
    }
    if (!shared->data.empty()) {
        directive.emerg(1, fmt::format("duplicate zone \"{}\"", zone->name), Cause::duplicate)
            .label(shared->bound_at, "first here");
        return;
    }
    shared->data = "lock";
    shared->bound_at = directive.place();
}

/// ngx_http_dav_ext_lock
void dav_ext_lock(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    if (!directive[1].starts_with(zone_is)) {
        directive.emerg(1, fmt::format("invalid parameter \"{}\"", directive[1]))
            .notes.emplace_back("it is written `zone=NAME`");
        return;
    }
    (void)add_shared_zone(directive, 1, directive[1].substr(zone_is.size()), 0,
                          module_name(directive.row().module));
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"dav_ext_lock", dav_ext_lock},
    {"dav_ext_lock_zone", dav_ext_lock_zone},
}};

} // namespace

const ModuleSetters ngx_http_dav_ext_module = {"ngx_http_dav_ext", setters};

} // namespace upstream_lint
