#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>

/// src/http/modules/ngx_http_uwsgi_module.c
namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 5> hidden_headers = {"X-Accel-Expires", "X-Accel-Redirect",
                                                            "X-Accel-Limit-Rate",
                                                            "X-Accel-Buffering", "X-Accel-Charset"};
constexpr std::array<std::string_view, 6> cache_parameters = {"HTTP_IF_MODIFIED_SINCE",
                                                              "HTTP_IF_UNMODIFIED_SINCE",
                                                              "HTTP_IF_NONE_MATCH",
                                                              "HTTP_IF_MATCH",
                                                              "HTTP_RANGE",
                                                              "HTTP_IF_RANGE"};

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
    .name = "uwsgi",
    .has_buffers = true,
    .warns_of_cache_key = true,
    .has_ssl = true,
    .has_parameters = true,
    .hide_hash = "uwsgi_hide_headers_hash",
    .hidden_headers = hidden_headers,
    .values_hash = "uwsgi_params_hash",
    .default_cache_values = cache_parameters,
};

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    upstream_conf::merge(module, cycle, parent, child, brace);
}

} // namespace

const ModuleSetters ngx_http_uwsgi_module = {
    "ngx_http_uwsgi", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
