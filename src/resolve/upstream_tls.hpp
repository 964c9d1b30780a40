#pragma once

#include "upstream_lint/exchange.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// A request that gets to a pass, as far as names of servers depend on it.
struct PassRequest {
    std::string host;     ///< `$host`
    std::string url_host; ///< `$http_host`: with its port, if it has one
};

/// A host as it stands in a URL, without its port; the brackets of an address stay.
[[nodiscard]] std::string_view without_port(std::string_view host);

/// What nginx calls a target where `proxy_ssl_name` says nothing (ngx_http_upstream_ssl_name): a
/// group's name, a host, the path of a unix socket. Without a port.
[[nodiscard]] std::string upstream_host(const Model& model, const GraphTarget& target);

/// How a pass speaks TLS to a target. `request`: of an example; none: no request is known.
[[nodiscard]] UpstreamTls upstream_tls_of(const Model& model, const GraphEdge& edge,
                                          const GraphTarget& target,
                                          const std::optional<PassRequest>& request);

} // namespace upstream_lint
