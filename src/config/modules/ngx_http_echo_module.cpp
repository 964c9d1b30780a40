#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_script.hpp"

#include <array>

/// openresty/echo-nginx-module, src/ngx_http_echo_module.c
namespace upstream_lint {

namespace {

/// ngx_http_echo_helper
void echo(Directive& directive) {
    (void)http_slot::predicates(directive);
}

constexpr std::array<DirectiveSetter, 18> setters = {{
    {"echo", echo},
    {"echo_abort_parent", echo},
    {"echo_after_body", echo},
    {"echo_before_body", echo},
    {"echo_blocking_sleep", echo},
    {"echo_duplicate", echo},
    {"echo_end", echo},
    {"echo_exec", echo},
    {"echo_flush", echo},
    {"echo_foreach_split", echo},
    {"echo_location", echo},
    {"echo_location_async", echo},
    {"echo_read_request_body", echo},
    {"echo_request_body", echo},
    {"echo_reset_timer", echo},
    {"echo_sleep", echo},
    {"echo_subrequest", echo},
    {"echo_subrequest_async", echo},
}};

} // namespace

const ModuleSetters ngx_http_echo_module = {"ngx_http_echo", setters};

} // namespace upstream_lint
