#include "config/client_networks.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_geoip_module.c; src/stream/ngx_stream_geoip_module.c says the same.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"geoip_city", shared::geoip_database},
    {"geoip_country", shared::geoip_database},
    {"geoip_org", shared::geoip_database},
    {"geoip_proxy", shared::geoip_proxy},
}};

} // namespace

/// ngx_http_geoip_country and its like, without what they say of the file.
void shared::geoip_database(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    if (directive.size() == 2 && c_string(directive[2]) != "utf8") {
        directive.emerg(2, fmt::format("invalid parameter \"{}\"", directive[2]));
    }
}

/// ngx_http_geoip_cidr_value
void shared::geoip_proxy(Directive& directive) {
    (void)read_network(directive, 1);
}

const ModuleSetters ngx_http_geoip_module = {"ngx_http_geoip", setters};

} // namespace upstream_lint
