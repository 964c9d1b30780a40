#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_lua_module.hpp"

#include <array>

/// openresty/stream-lua-nginx-module, which says what ngx_http_lua_module says.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 27> setters = {{
    {"balancer_by_lua_block", lua::balancer},
    {"balancer_by_lua_file", lua::balancer},
    {"content_by_lua", lua::handler},
    {"content_by_lua_block", lua::handler},
    {"content_by_lua_file", lua::handler},
    {"init_by_lua", lua::handler},
    {"init_by_lua_block", lua::handler},
    {"init_by_lua_file", lua::handler},
    {"init_worker_by_lua", lua::handler},
    {"init_worker_by_lua_block", lua::handler},
    {"init_worker_by_lua_file", lua::handler},
    {"log_by_lua_block", lua::handler},
    {"log_by_lua_file", lua::handler},
    {"lua_code_cache", lua::code_cache},
    {"lua_load_resty_core", lua::load_resty_core},
    {"lua_malloc_trim", lua::malloc_trim},
    {"lua_package_cpath", lua::package_path},
    {"lua_package_path", lua::package_path},
    {"lua_shared_dict", lua::shared_dict},
    {"preread_by_lua_block", lua::handler},
    {"preread_by_lua_file", lua::handler},
    {"proxy_ssl_certificate_by_lua_block", lua::handler},
    {"proxy_ssl_certificate_by_lua_file", lua::handler},
    {"ssl_certificate_by_lua_block", lua::handler},
    {"ssl_certificate_by_lua_file", lua::handler},
    {"ssl_client_hello_by_lua_block", lua::handler},
    {"ssl_client_hello_by_lua_file", lua::handler},
}};

} // namespace

const ModuleSetters ngx_stream_lua_module = {"ngx_stream_lua", setters};

} // namespace upstream_lint
