#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"

#include <array>

/// src/http/modules/ngx_http_grpc_module.c
namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 7> hidden_headers = {"Date",
                                                            "Server",
                                                            "X-Accel-Expires",
                                                            "X-Accel-Redirect",
                                                            "X-Accel-Limit-Rate",
                                                            "X-Accel-Buffering",
                                                            "X-Accel-Charset"};
constexpr std::array<std::string_view, 8> headers = {
    "Content-Length",    "TE",         "Host",   "Connection",
    "Transfer-Encoding", "Keep-Alive", "Expect", "Upgrade"};

constexpr std::array<Scheme, 2> schemes = {{
    {"grpc://", 0, false},
    {"grpcs://", 0, true},
}};

/// ngx_http_grpc_pass
void pass(Directive& directive) {
    (void)upstream_conf::pass(directive, {.schemes = schemes});
}

constexpr std::array<DirectiveSetter, 10> setters = {{
    {"grpc_hide_header", upstream_conf::hide_header},
    {"grpc_pass", pass},
    {"grpc_pass_header", upstream_conf::pass_header},
    {"grpc_set_header", upstream_conf::set_value},
    {"grpc_ssl_certificate", upstream_conf::ssl_certificate},
    {"grpc_ssl_certificate_cache", upstream_conf::ssl_certificate_cache},
    {"grpc_ssl_certificate_key", upstream_conf::ssl_certificate_key},
    {"grpc_ssl_password_file", upstream_conf::ssl_password_file},
    {"grpc_ssl_trusted_certificate", upstream_conf::ssl_trusted_certificate},
    {"grpc_ssl_verify", upstream_conf::ssl_verify},
}};

constexpr UpstreamModule module = {
    .module = PassModule::grpc,
    .name = "grpc",
    .has_ssl = true,
    .hide_hash = "grpc_headers_hash",
    .hidden_headers = hidden_headers,
    .values_hash = "grpc_headers_hash",
    .default_values = headers,
    .default_cache_values = headers,
};

} // namespace

const ModuleSetters ngx_http_grpc_module = {
    "ngx_http_grpc",
    setters,
    {.merge_location = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
