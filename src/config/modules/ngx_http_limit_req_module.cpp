#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/shared_memory.hpp"
#include "config/slots.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <vector>

/// src/http/modules/ngx_http_limit_req_module.c
namespace upstream_lint {

namespace {

constexpr std::string_view module_of_zones = "ngx_http_limit_req";

/// What limits here, in the order of the configuration.
struct LimitReq {
    struct Limit {
        const SharedZone* zone;
        Place place;
    };

    std::vector<Limit> limits;
};

bool is_positive(std::string_view text) {
    return parse_number(text).value_or(0) > 0;
}

bool is_rate(std::string_view text) {
    if (text.ends_with("r/s") || text.ends_with("r/m")) {
        text.remove_suffix(3);
    }
    return is_positive(text);
}

/// ngx_http_limit_req_zone
void limit_req_zone(Directive& directive) {
    if (!script::compile(directive, 1).valid) {
        return;
    }
    ZoneParameter zone;
    std::size_t zone_word = 0;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        const std::string_view parameter = directive[i];
        if (parameter.starts_with("zone=")) {
            const auto read = zone_parameter(directive, i);
            if (!read) {
                return;
            }
            zone = *read;
            zone_word = i;
        } else if (!parameter.starts_with("rate=")) {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", parameter));
            return;
        } else if (!is_rate(parameter.substr(5))) {
            directive.emerg(i, fmt::format("invalid rate \"{}\"", parameter))
                .notes.emplace_back("it is written `rate=10r/s` or `rate=30r/m`");
            return;
        }
    }
    if (zone.name.empty()) {
        directive.emerg(0, fmt::format("\"{}\" must have \"zone\" parameter", directive.name()));
        return;
    }
    bind_shared_zone(directive, zone_word, zone);
}

/// The zone that the parameters name; what is wrong with them is reported.
SharedZone* limit_zone(Directive& directive) {
    SharedZone* zone = nullptr;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view parameter = directive[i];
        if (parameter.starts_with("zone=")) {
            zone = add_shared_zone(directive, i, parameter.substr(5), 0, module_of_zones);
            if (zone == nullptr) {
                return nullptr;
            }
            continue;
        }
        if (c_string(parameter) == "nodelay") {
            continue;
        }
        const bool is_burst = parameter.starts_with("burst=");
        if (!is_burst && !parameter.starts_with("delay=")) {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", parameter));
            return nullptr;
        }
        if (!is_positive(parameter.substr(6))) {
            directive.emerg(
                i, fmt::format("invalid {} value \"{}\"", is_burst ? "burst" : "delay", parameter));
            return nullptr;
        }
    }
    if (zone == nullptr) {
        directive.emerg(0, fmt::format("\"{}\" must have \"zone\" parameter", directive.name()));
    }
    return zone;
}

/// ngx_http_limit_req
void limit_req(Directive& directive) {
    const SharedZone* const zone = limit_zone(directive);
    if (zone == nullptr) {
        return;
    }
    auto& limits = directive.scope().conf<LimitReq>().limits;
    const auto same = std::ranges::find(limits, zone, &LimitReq::Limit::zone);
    if (same != limits.end()) {
        directive.error("is duplicate", Cause::duplicate).label(same->place, "the same zone");
        return;
    }
    limits.push_back({zone, directive.place()});
}

/// ngx_http_limit_req_status_bounds
void limit_req_status(Directive& directive) {
    (void)slot::number(directive, 400, 599);
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"limit_req", limit_req},
    {"limit_req_status", limit_req_status},
    {"limit_req_zone", limit_req_zone},
}};

} // namespace

const ModuleSetters ngx_http_limit_req_module = {module_of_zones, setters};

} // namespace upstream_lint
