#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/shared_memory.hpp"
#include "config/slots.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

/// src/http/modules/ngx_http_limit_conn_module.c; src/stream/ngx_stream_limit_conn_module.c says
/// the same.
namespace upstream_lint {

namespace {

constexpr std::int64_t most_connections = 65535;

/// What limits here, in the order of the configuration.
struct LimitConn {
    struct Limit {
        const SharedZone* zone;
        Place place;
    };

    std::vector<Limit> limits;
};

/// ngx_http_limit_conn_status_bounds
void limit_conn_status(Directive& directive) {
    (void)slot::number(directive, 400, 599);
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"limit_conn", shared::limit_conn},
    {"limit_conn_status", limit_conn_status},
    {"limit_conn_zone", shared::limit_conn_zone},
}};

} // namespace

/// ngx_http_limit_conn_zone
void shared::limit_conn_zone(Directive& directive) {
    if (!script::compile(directive, 1).valid) {
        return;
    }
    ZoneParameter zone;
    std::size_t zone_word = 0;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!directive[i].starts_with("zone=")) {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", directive[i]));
            return;
        }
        const auto read = zone_parameter(directive, i);
        if (!read) {
            return;
        }
        zone = *read;
        zone_word = i;
    }
    if (zone.name.empty()) {
        directive.emerg(0, fmt::format("\"{}\" must have \"zone\" parameter", directive.name()));
        return;
    }
    bind_shared_zone(directive, zone_word, zone);
}

/// ngx_http_limit_conn
void shared::limit_conn(Directive& directive) {
    const SharedZone* const zone =
        add_shared_zone(directive, 1, directive[1], 0, module_name(directive.row().module));
    if (zone == nullptr) {
        return;
    }
    auto& limits = directive.scope().conf<LimitConn>().limits;
    const auto same = std::ranges::find(limits, zone, &LimitConn::Limit::zone);
    if (same != limits.end()) {
        directive.error("is duplicate", Cause::duplicate).label(same->place, "the same zone");
        return;
    }
    const auto number = parse_number(directive[2]);
    if (number.value_or(0) <= 0) {
        directive.emerg(2, fmt::format("invalid number of connections \"{}\"", directive[2]));
        return;
    }
    if (*number > most_connections) {
        directive.emerg(2, "connection limit must be less 65536");
        return;
    }
    limits.push_back({zone, directive.place()});
}

const ModuleSetters ngx_http_limit_conn_module = {"ngx_http_limit_conn", setters};

} // namespace upstream_lint
