#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>

/// src/http/modules/ngx_http_scgi_module.c
namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 6> hidden_headers = {"Status",
                                                            "X-Accel-Expires",
                                                            "X-Accel-Redirect",
                                                            "X-Accel-Limit-Rate",
                                                            "X-Accel-Buffering",
                                                            "X-Accel-Charset"};
constexpr std::array<std::string_view, 6> cache_parameters = {"HTTP_IF_MODIFIED_SINCE",
                                                              "HTTP_IF_UNMODIFIED_SINCE",
                                                              "HTTP_IF_NONE_MATCH",
                                                              "HTTP_IF_MATCH",
                                                              "HTTP_RANGE",
                                                              "HTTP_IF_RANGE"};

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
    .name = "scgi",
    .has_buffers = true,
    .warns_of_cache_key = true,
    .has_parameters = true,
    .hide_hash = "scgi_hide_headers_hash",
    .hidden_headers = hidden_headers,
    .values_hash = "scgi_params_hash",
    .default_cache_values = cache_parameters,
};

void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& brace) {
    upstream_conf::merge(module, cycle, parent, child, brace);
}

} // namespace

const ModuleSetters ngx_http_scgi_module = {
    "ngx_http_scgi", setters, {.merge_location = merge_location, .merges_unused = false}};

} // namespace upstream_lint
