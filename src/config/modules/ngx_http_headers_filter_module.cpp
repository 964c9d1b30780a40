#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>
#include <string_view>

/// src/http/modules/ngx_http_headers_filter_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t day = 24 * 60 * 60;

/// ngx_http_parse_expires: what is wrong, or nothing.
std::string_view expires_failure(std::string_view value, bool modified) {
    if (!modified && (value == "epoch" || value == "max" || value == "off")) {
        return {};
    }
    const bool daily = value.starts_with('@');
    if (daily && modified) {
        return "daily time cannot be used with \"modified\" parameter";
    }
    if (daily || value.starts_with('+') || value.starts_with('-')) {
        value.remove_prefix(1);
    }
    const auto time = parse_time(value, TimeUnit::seconds);
    if (!time) {
        return "invalid value";
    }
    return daily && *time > day ? "daily time value must be less than 24 hours"
                                : std::string_view();
}

/// ngx_http_headers_expires
void expires(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const bool modified = directive.size() == 2;
    if (modified && c_string(directive[1]) != "modified") {
        directive.error(1, "invalid value");
        return;
    }
    const std::size_t word = directive.size();
    const script::Value value = script::compile(directive, word);
    if (!value.valid || !value.constant) {
        return;
    }
    const std::string_view failure = expires_failure(directive[word], modified);
    if (!failure.empty()) {
        directive.error(word, failure);
    }
}

/// ngx_http_headers_add
void add_header(Directive& directive) {
    if (!script::compile(directive, 2).valid) {
        return;
    }
    if (directive.size() == 3 && c_string(directive[3]) != "always") {
        directive.emerg(3, fmt::format("invalid parameter \"{}\"", directive[3]))
            .notes.emplace_back("only `always` may stand here; a value with spaces needs quotes");
    }
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"add_header", add_header},
    {"add_trailer", add_header},
    {"expires", expires},
}};

} // namespace

const ModuleSetters ngx_http_headers_filter_module = {"ngx_http_headers_filter", setters};

} // namespace upstream_lint
