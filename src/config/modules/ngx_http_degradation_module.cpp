#include "config/modules/modules.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_degradation_module.c
namespace upstream_lint {

namespace {

constexpr std::string_view sbrk = "sbrk=";

/// ngx_http_degradation
void degradation(Directive& directive) {
    const std::string_view value = directive[1];
    if (!value.starts_with(sbrk)) {
        directive.emerg(1, fmt::format("invalid parameter \"{}\"", value));
    } else if (!parse_size(value.substr(sbrk.size()))) {
        directive.emerg(1, fmt::format("invalid sbrk size \"{}\"", value));
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"degradation", degradation},
}};

} // namespace

const ModuleSetters ngx_http_degradation_module = {"ngx_http_degradation", setters};

} // namespace upstream_lint
