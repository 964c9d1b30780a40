#include "config/client_networks.hpp"
#include "config/modules/modules.hpp"

#include <array>

/// src/http/modules/ngx_http_realip_module.c
namespace upstream_lint {

namespace {

/// ngx_http_realip
void real_ip_header(Directive& directive) {
    (void)directive.is_duplicate();
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"real_ip_header", real_ip_header},
    {"set_real_ip_from", take_network_or_host},
}};

} // namespace

const ModuleSetters ngx_http_realip_module = {"ngx_http_realip", setters};

} // namespace upstream_lint
