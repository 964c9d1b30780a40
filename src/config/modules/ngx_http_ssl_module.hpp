#pragma once

#include "config/setters.hpp"

#include <array>

/// What ngx_http_ssl_module and ngx_stream_ssl_module have in common.
namespace upstream_lint::server_ssl {

/// For all directives of both.
extern const std::array<DirectiveSetter, 17> setters;

/// ngx_http_ssl_merge_srv_conf, ngx_stream_ssl_merge_srv_conf
void merge_server(Cycle& cycle, Scope& parent, Scope& child, const Place& brace);

/// ngx_http_ssl_init, ngx_stream_ssl_init
void check_servers(Cycle& cycle, Scope& main, const Place& brace);

} // namespace upstream_lint::server_ssl
