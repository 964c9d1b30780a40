#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>

/// src/http/modules/ngx_http_auth_request_module.c
namespace upstream_lint {

namespace {

/// ngx_http_auth_request
void auth_request(Directive& directive) {
    (void)directive.is_duplicate();
}

/// ngx_http_auth_request_set
void auth_request_set(Directive& directive) {
    if (!directive[1].starts_with('$')) {
        (void)script::variable_name(directive, 1);
        return;
    }
    const std::string_view name = directive[1].substr(1);
    if (!script::define_variable(directive, 1, name, true)) {
        return;
    }
    script::use_variable(directive, 1, name);
    script::compile(directive, 2);
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"auth_request", auth_request},
    {"auth_request_set", auth_request_set},
}};

} // namespace

const ModuleSetters ngx_http_auth_request_module = {"ngx_http_auth_request", setters};

} // namespace upstream_lint
