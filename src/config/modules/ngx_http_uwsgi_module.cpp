#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>
#include <span>

/// src/http/modules/ngx_http_uwsgi_module.c
namespace upstream_lint {

namespace {

constexpr std::array<Scheme, 2> schemes = {{
    {"uwsgi://", 0, false},
    {"suwsgi://", 0, true},
}};

/// ngx_http_uwsgi_pass
void pass(Directive& directive) {
    (void)upstream_conf::pass(directive, {.schemes = schemes});
}

constexpr std::int64_t max_modifier = 255;

void modifier(Directive& directive) {
    (void)slot::number(directive, 0, max_modifier);
}

constexpr std::array<DirectiveSetter, 20> setters = {{
    {"uwsgi_buffer_size", upstream_conf::buffer_size},
    {"uwsgi_buffers", upstream_conf::buffers},
    {"uwsgi_busy_buffers_size", upstream_conf::busy_buffers_size},
    {"uwsgi_cache", upstream_conf::cache},
    {"uwsgi_cache_key", upstream_conf::cache_key},
    {"uwsgi_hide_header", upstream_conf::hide_header},
    {"uwsgi_max_temp_file_size", upstream_conf::max_temp_file_size},
    {"uwsgi_modifier1", modifier},
    {"uwsgi_modifier2", modifier},
    {"uwsgi_param", upstream_conf::param},
    {"uwsgi_pass", pass},
    {"uwsgi_pass_header", upstream_conf::pass_header},
    {"uwsgi_ssl_certificate", upstream_conf::ssl_certificate},
    {"uwsgi_ssl_certificate_cache", upstream_conf::ssl_certificate_cache},
    {"uwsgi_ssl_certificate_key", upstream_conf::ssl_certificate_key},
    {"uwsgi_ssl_password_file", upstream_conf::ssl_password_file},
    {"uwsgi_ssl_trusted_certificate", upstream_conf::ssl_trusted_certificate},
    {"uwsgi_ssl_verify", upstream_conf::ssl_verify},
    {"uwsgi_store", upstream_conf::store},
    {"uwsgi_temp_file_write_size", upstream_conf::temp_file_write_size},
}};

constexpr UpstreamModule module = {
    .module = PassModule::uwsgi,
    .name = "uwsgi",
    .has_buffers = true,
    .warns_of_cache_key = true,
    .has_ssl = true,
    .has_parameters = true,
    .hide_hash = "uwsgi_hide_headers_hash",
    .hidden_headers = std::span(upstream_conf::hidden_headers).subspan(1),
    .values_hash = "uwsgi_params_hash",
    .default_cache_values = upstream_conf::cache_parameters,
};

} // namespace

const ModuleSetters ngx_http_uwsgi_module = {
    "ngx_http_uwsgi",
    setters,
    {.merge_location = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
