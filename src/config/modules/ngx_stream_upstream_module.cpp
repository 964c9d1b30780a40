#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"

/// src/stream/ngx_stream_upstream.c
namespace upstream_lint {

const ModuleSetters ngx_stream_upstream_module = {
    "ngx_stream_upstream", {}, {.init_main = upstream::init_main}};

} // namespace upstream_lint
