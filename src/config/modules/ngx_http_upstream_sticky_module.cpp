#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

/// src/http/modules/ngx_http_upstream_sticky_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t min_zone_size = 8 * page_size;

void report_unknown(Directive& directive, std::size_t word) {
    directive.emerg(word, fmt::format("unknown parameter \"{}\"", directive[word]));
}

/// ngx_http_get_variable_index: false when that is no name.
bool use_variable(Directive& directive, std::size_t word, std::string_view name) {
    if (name.empty()) {
        directive.emerg(word, "invalid variable name \"$\"", Cause::variable);
        return false;
    }
    script::use_variable(directive, word, name);
    return true;
}

bool samesite_is_valid(std::string_view value) {
    static constexpr std::array<std::string_view, 3> values = {"strict", "lax", "none"};
    return std::ranges::any_of(
        values, [value](std::string_view each) { return equal_ignoring_case(each, value); });
}

/// What `sticky cookie` has been given.
struct Cookie {
    bool domain = false;
    bool path = false;
    bool expires = false;
    bool httponly = false;
    bool secure = false;
    bool samesite = false;
};

/// Whether the parameter has not been given before.
bool is_first(Directive& directive, std::size_t word, std::string_view name, bool& given) {
    if (given) {
        directive.error(word, fmt::format("parameter \"{}\" is duplicate", name), Cause::duplicate);
        return false;
    }
    given = true;
    return true;
}

bool has_value(Directive& directive, std::size_t word, std::string_view name,
               std::string_view value) {
    if (value.empty()) {
        directive.error(word, fmt::format("no value for \"{}\"", name));
    }
    return !value.empty();
}

bool cookie_expires(Directive& directive, std::size_t word, std::string_view value) {
    if (c_string(value) == "max" || parse_time(value, TimeUnit::seconds)) {
        return true;
    }
    directive.error(word, "invalid \"expires\" parameter value");
    return false;
}

bool cookie_samesite(Directive& directive, std::size_t word, std::string_view value) {
    const script::Value compiled = script::compile(directive, word, value);
    if (compiled.valid && compiled.constant && !samesite_is_valid(value)) {
        directive.error(word, "invalid \"samesite\" parameter value");
        return false;
    }
    return compiled.valid;
}

/// One parameter; false when it has been found wrong.
bool cookie_parameter(Directive& directive, std::size_t i, Cookie& cookie) {
    const std::string_view word = directive[i];
    if (const auto domain = behind(word, "domain=")) {
        return is_first(directive, i, "domain", cookie.domain) &&
               has_value(directive, i, "domain", *domain) &&
               script::compile(directive, i, *domain).valid;
    }
    if (const auto path = behind(word, "path=")) {
        return is_first(directive, i, "path", cookie.path) &&
               has_value(directive, i, "path", *path);
    }
    if (const auto expires = behind(word, "expires=")) {
        return is_first(directive, i, "expires", cookie.expires) &&
               cookie_expires(directive, i, *expires);
    }
    if (c_string(word) == "httponly") {
        return is_first(directive, i, "httponly", cookie.httponly);
    }
    if (c_string(word) == "secure") {
        return is_first(directive, i, "secure", cookie.secure);
    }
    if (const auto samesite = behind(word, "samesite=")) {
        return is_first(directive, i, "samesite", cookie.samesite) &&
               cookie_samesite(directive, i, *samesite);
    }
    report_unknown(directive, i);
    return false;
}

/// ngx_http_upstream_sticky_cookie
void sticky_cookie(Directive& directive) {
    if (directive[2].empty()) {
        directive.error(2, "empty cookie name");
        return;
    }
    Cookie cookie;
    for (std::size_t i = 3; i <= directive.size(); ++i) {
        if (!cookie_parameter(directive, i, cookie)) {
            return;
        }
    }
    script::use_variable(directive, 2, fmt::format("cookie_{}", directive[2]));
}

void sticky_route(Directive& directive) {
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        const std::string_view name = script::variable_name(directive, i);
        if (!directive[i].starts_with('$') || !use_variable(directive, i, name)) {
            return;
        }
    }
}

/// What `sticky learn` has been given.
struct Learning {
    std::string_view zone;
    std::size_t zone_word = 0;
    std::int64_t zone_size = 0;
    bool timeout = false;
    bool creates = false;
    bool looks_up = false;
};

/// The value of `zone=`: what is wrong with it, or nothing.
std::string_view learn_zone(std::string_view value, Learning& learning) {
    if (learning.zone_size != 0) {
        return "duplicate zone";
    }
    const std::size_t colon = c_string(value).find(':');
    if (colon == std::string_view::npos) {
        return "zone size is not specified";
    }
    if (colon == 0) {
        return "zone name is not specified";
    }
    const auto size = parse_size(value.substr(colon + 1));
    if (!size) {
        return "invalid zone size";
    }
    if (*size < min_zone_size) {
        return "zone is too small";
    }
    learning.zone = value.substr(0, colon);
    learning.zone_size = *size;
    return {};
}

std::string_view learn_timeout(std::string_view value, Learning& learning) {
    if (learning.timeout) {
        return "duplicate timeout";
    }
    learning.timeout = true;
    return parse_time(value, TimeUnit::milliseconds).value_or(0) == 0 ? "invalid timeout" : "";
}

bool learn_variable(Directive& directive, std::size_t word, std::string_view parameter,
                    std::string_view value) {
    if (!value.starts_with('$')) {
        directive.error(word, fmt::format("missing variable in the \"{}\" parameter", parameter));
        return false;
    }
    return use_variable(directive, word, value.substr(1));
}

/// Reports what is wrong, if anything is.
bool is_right(Directive& directive, std::size_t word, std::string_view wrong) {
    if (!wrong.empty()) {
        directive.error(word, wrong);
    }
    return wrong.empty();
}

/// One parameter; false when it has been found wrong.
bool learn_parameter(Directive& directive, std::size_t i, Learning& learning) {
    const std::string_view word = directive[i];
    if (const auto zone = behind(word, "zone=")) {
        learning.zone_word = i;
        return is_right(directive, i, learn_zone(*zone, learning));
    }
    if (const auto timeout = behind(word, "timeout=")) {
        return is_right(directive, i, learn_timeout(*timeout, learning));
    }
    if (const auto create = behind(word, "create=")) {
        learning.creates = true;
        return learn_variable(directive, i, "create", *create);
    }
    if (const auto lookup = behind(word, "lookup=")) {
        learning.looks_up = true;
        return learn_variable(directive, i, "lookup", *lookup);
    }
    if (c_string(word) != "header") {
        report_unknown(directive, i);
        return false;
    }
    return true;
}

/// ngx_http_upstream_sticky_learn
void sticky_learn(Directive& directive) {
    Learning learning;
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!learn_parameter(directive, i, learning)) {
            return;
        }
    }
    if (!learning.looks_up) {
        directive.error("\"lookup\" parameter is not specified", Cause::missing);
        return;
    }
    if (!learning.creates) {
        directive.error("\"create\" parameter is not specified", Cause::missing);
        return;
    }
    if (learning.zone_size == 0) {
        directive.error("\"zone\" parameter is not specified", Cause::missing);
        return;
    }
    SharedZone* const zone = add_shared_zone(directive, learning.zone_word, learning.zone,
                                             learning.zone_size, "ngx_http_upstream_sticky");
    if (zone == nullptr) {
        return;
    }
    if (!zone->data.empty()) {
        directive
            .emerg(learning.zone_word,
                   fmt::format("sticky zone \"{}\" is already used in upstream \"{}\"",
                               learning.zone, zone->data),
                   Cause::conflict)
            .label(zone->place, "used here");
        return;
    }
    zone->data = upstream::name_of_block(directive);
}

/// ngx_http_upstream_sticky
void sticky(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    directive.scope().conf<UpstreamBlock>().balancer = directive.place();
    const std::string_view mode = c_string(directive[1]);
    if (mode == "cookie") {
        sticky_cookie(directive);
    } else if (mode == "route") {
        sticky_route(directive);
    } else if (mode == "learn") {
        sticky_learn(directive);
    } else {
        report_unknown(directive, 1);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"sticky", sticky},
}};

} // namespace

const ModuleSetters ngx_http_upstream_sticky_module = {"ngx_http_upstream_sticky", setters};

} // namespace upstream_lint
