#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>

/// src/http/modules/ngx_http_auth_basic_module.c
namespace upstream_lint {

namespace {

/// ngx_http_auth_basic_user_file
void auth_basic_user_file(Directive& directive) {
    if (!directive.is_duplicate()) {
        script::compile(directive, 1);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"auth_basic_user_file", auth_basic_user_file},
}};

} // namespace

const ModuleSetters ngx_http_auth_basic_module = {"ngx_http_auth_basic", setters};

} // namespace upstream_lint
