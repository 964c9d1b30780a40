#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"

#include <array>

/// src/http/modules/ngx_http_upstream_ip_hash_module.c
namespace upstream_lint {

namespace {

/// ngx_http_upstream_ip_hash
void ip_hash(Directive& directive) {
    upstream::set_balancer(directive);
    directive.scope().conf<UpstreamBlock>().parameters = ServerParameters::without_backup;
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"ip_hash", ip_hash},
}};

} // namespace

const ModuleSetters ngx_http_upstream_ip_hash_module = {"ngx_http_upstream_ip_hash", setters};

} // namespace upstream_lint
