#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"

#include <array>

/// src/http/modules/ngx_http_upstream_least_conn_module.c;
/// src/stream/ngx_stream_upstream_least_conn_module.c says the same.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"least_conn", shared::upstream_least_conn},
}};

} // namespace

/// ngx_http_upstream_least_conn
void shared::upstream_least_conn(Directive& directive) {
    upstream::set_balancer(directive);
    directive.scope().conf<UpstreamBlock>().parameters = ServerParameters::all;
}

const ModuleSetters ngx_http_upstream_least_conn_module = {"ngx_http_upstream_least_conn", setters};

} // namespace upstream_lint
