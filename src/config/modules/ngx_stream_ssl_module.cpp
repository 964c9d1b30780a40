#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_ssl_module.hpp"

/// src/stream/ngx_stream_ssl_module.c
namespace upstream_lint {

const ModuleSetters ngx_stream_ssl_module = {
    "ngx_stream_ssl",
    server_ssl::setters,
    {.merge_server = server_ssl::merge_server, .postconfiguration = server_ssl::check_servers}};

} // namespace upstream_lint
