#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>

/// src/http/modules/ngx_http_scgi_module.c
namespace upstream_lint {

namespace {

/// ngx_http_scgi_pass
void pass(Directive& directive) {
    (void)upstream_conf::pass(directive, {});
}

constexpr std::array<DirectiveSetter, 12> setters = {{
    {"scgi_buffer_size", upstream_conf::buffer_size},
    {"scgi_buffers", upstream_conf::buffers},
    {"scgi_busy_buffers_size", upstream_conf::busy_buffers_size},
    {"scgi_cache", upstream_conf::cache},
    {"scgi_cache_key", upstream_conf::cache_key},
    {"scgi_hide_header", upstream_conf::hide_header},
    {"scgi_max_temp_file_size", upstream_conf::max_temp_file_size},
    {"scgi_param", upstream_conf::param},
    {"scgi_pass", pass},
    {"scgi_pass_header", upstream_conf::pass_header},
    {"scgi_store", upstream_conf::store},
    {"scgi_temp_file_write_size", upstream_conf::temp_file_write_size},
}};

constexpr UpstreamModule module = {
    .module = PassModule::scgi,
    .name = "scgi",
    .has_buffers = true,
    .warns_of_cache_key = true,
    .has_parameters = true,
    .hide_hash = "scgi_hide_headers_hash",
    .hidden_headers = upstream_conf::hidden_headers,
    .values_hash = "scgi_params_hash",
    .default_cache_values = upstream_conf::cache_parameters,
};

} // namespace

const ModuleSetters ngx_http_scgi_module = {
    "ngx_http_scgi",
    setters,
    {.merge_location = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
