#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_userid_filter_module.c
namespace upstream_lint {

namespace {

struct Flag {
    std::string_view name;
    unsigned mask;
};

// two values of samesite= share a bit, and so count as duplicates
constexpr std::array<Flag, 6> flags = {{{"off", 0x02},
                                        {"secure", 0x04},
                                        {"httponly", 0x08},
                                        {"samesite=strict", 0x30},
                                        {"samesite=lax", 0x50},
                                        {"samesite=none", 0x90}}};

/// The flags of one block.
struct UserIdFlags {
    unsigned mask = 0;
};

/// ngx_http_userid_expires
void userid_expires(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const std::string_view value = c_string(directive[1]);
    if (value != "max" && value != "off" && !parse_time(directive[1], TimeUnit::seconds)) {
        directive.error(1, "invalid value");
    }
}

/// ngx_conf_set_bitmask_slot
void userid_flags(Directive& directive) {
    auto& mask = directive.scope().conf<UserIdFlags>().mask;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = directive[i];
        const auto* const flag = std::ranges::find_if(
            flags, [&](const Flag& each) { return equal_ignoring_case(each.name, value); });
        if (flag == flags.end()) {
            directive.emerg(i, fmt::format("invalid value \"{}\"", c_string(value)));
            return;
        }
        if ((mask & flag->mask) != 0) {
            directive.warn(i, fmt::format("duplicate value \"{}\"", c_string(value)));
        } else {
            mask |= flag->mask;
        }
    }
}

bool is_mark(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '=';
}

/// ngx_http_userid_mark
void userid_mark(Directive& directive) {
    if (directive.is_duplicate() || c_string(directive[1]) == "off") {
        return;
    }
    if (directive[1].size() != 1 || !is_mark(directive[1][0])) {
        directive.error(1, "value must be \"off\" or a single letter, digit or \"=\"");
    }
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"userid_expires", userid_expires},
    {"userid_flags", userid_flags},
    {"userid_mark", userid_mark},
}};

} // namespace

const ModuleSetters ngx_http_userid_filter_module = {"ngx_http_userid_filter", setters};

} // namespace upstream_lint
