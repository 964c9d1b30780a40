#pragma once

#include "config/url.hpp"
#include "resolve/assumptions.hpp"
#include "resolve/location_conf.hpp"

#include <optional>

namespace upstream_lint {

/// Whether `allow` or `deny` speaks of a client (ngx_http_access_handler,
/// ngx_stream_access_handler). Where the client's address is not known, it is supposed.
[[nodiscard]] bool is_client_in(const AccessRule& rule, const std::optional<SocketAddress>& client,
                                Assumptions& assumptions);

} // namespace upstream_lint
