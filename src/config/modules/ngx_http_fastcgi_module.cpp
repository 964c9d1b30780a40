#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/script.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_fastcgi_module.c
namespace upstream_lint {

namespace {

constexpr std::uint32_t captures = 2;

/// ngx_http_fastcgi_pass
void pass(Directive& directive) {
    (void)upstream_conf::pass(directive, {});
}

/// ngx_http_fastcgi_split_path_info
void split_path_info(Directive& directive) {
    const Regex* const regex =
        script::compile_regex(directive, 1, directive[1], Case::sensitive, false);
    if (regex != nullptr && regex->captures() != captures) {
        directive.emerg(1, fmt::format("pattern \"{}\" must have 2 captures", directive[1]))
            .notes.emplace_back("the first is the script, the second the path behind it");
    }
}

constexpr std::array<DirectiveSetter, 14> setters = {{
    {"fastcgi_buffer_size", upstream_conf::buffer_size},
    {"fastcgi_buffers", upstream_conf::buffers},
    {"fastcgi_busy_buffers_size", upstream_conf::busy_buffers_size},
    {"fastcgi_cache", upstream_conf::cache},
    {"fastcgi_cache_key", upstream_conf::cache_key},
    {"fastcgi_hide_header", upstream_conf::hide_header},
    {"fastcgi_max_temp_file_size", upstream_conf::max_temp_file_size},
    {"fastcgi_param", upstream_conf::param},
    {"fastcgi_pass", pass},
    {"fastcgi_pass_header", upstream_conf::pass_header},
    {"fastcgi_send_lowat", upstream_conf::send_lowat},
    {"fastcgi_split_path_info", split_path_info},
    {"fastcgi_store", upstream_conf::store},
    {"fastcgi_temp_file_write_size", upstream_conf::temp_file_write_size},
}};

constexpr UpstreamModule module = {
    .module = PassModule::fastcgi,
    .name = "fastcgi",
    .has_buffers = true,
    .warns_of_cache_key = true,
    .has_parameters = true,
    .hide_hash = "fastcgi_hide_headers_hash",
    .hidden_headers = upstream_conf::hidden_headers,
    .values_hash = "fastcgi_params_hash",
    .default_cache_values = upstream_conf::cache_parameters,
};

} // namespace

const ModuleSetters ngx_http_fastcgi_module = {
    "ngx_http_fastcgi",
    setters,
    {.merge_location = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
