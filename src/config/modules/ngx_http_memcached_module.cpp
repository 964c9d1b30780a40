#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/script.hpp"

#include <array>

/// src/http/modules/ngx_http_memcached_module.c
namespace upstream_lint {

namespace {

/// ngx_http_memcached_pass: a `$` is part of the host.
void pass(Directive& directive) {
    if (upstream_conf::pass(directive, {.takes_variables = false})) {
        script::use_variable(directive, 1, "memcached_key");
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"memcached_pass", pass},
}};

} // namespace

const ModuleSetters ngx_http_memcached_module = {"ngx_http_memcached", setters};

} // namespace upstream_lint
