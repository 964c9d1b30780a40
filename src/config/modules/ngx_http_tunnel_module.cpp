#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>

/// src/http/modules/ngx_http_tunnel_module.c
namespace upstream_lint {

namespace {

/// ngx_http_tunnel_pass: without a value where the request wants to go.
void pass(Directive& directive) {
    if (directive.size() == 0) {
        (void)directive.is_duplicate();
        return;
    }
    (void)upstream_conf::pass(directive, {});
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"tunnel_pass", pass},
    {"tunnel_send_lowat", upstream_conf::send_lowat},
}};

} // namespace

const ModuleSetters ngx_http_tunnel_module = {"ngx_http_tunnel", setters};

} // namespace upstream_lint
