#pragma once

#include "config/directive.hpp"
#include "config/url.hpp"

#include <cstddef>
#include <optional>

namespace upstream_lint {

/// A network of `geo` and `geoip_proxy`; reports what is none
/// (src/http/modules/ngx_http_geo_module.c, ngx_http_geo_cidr_value).
[[nodiscard]] std::optional<Cidr> read_network(Directive& directive, std::size_t word);

/// The first value is `unix:`, a network, or a host that nginx looks up: `set_real_ip_from`
/// and `debug_connection` (src/http/modules/ngx_http_realip_module.c, ngx_http_realip_from).
void take_network_or_host(Directive& directive);

/// The first value is `all`, `unix:` or a network: `allow` and `deny`
/// (src/http/modules/ngx_http_access_module.c, ngx_http_access_rule).
void take_access_rule(Directive& directive);

} // namespace upstream_lint
