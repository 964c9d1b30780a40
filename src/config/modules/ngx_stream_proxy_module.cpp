#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/modules/ngx_stream_core_module.hpp"
#include "config/script.hpp"

#include <array>

/// src/stream/ngx_stream_proxy_module.c
namespace upstream_lint {

namespace {

/// ngx_stream_proxy_pass
void proxy_pass(Directive& directive) {
    set_stream_handler(directive);
    if (directive.is_duplicate()) {
        return;
    }
    const script::Value target = script::compile(directive, 1);
    if (target.valid && target.constant) {
        Url url;
        (void)upstream::add(directive, 1, directive[1], {}, url);
    }
}

/// ngx_stream_proxy_ssl_alpn_set_slot
void proxy_ssl_alpn(Directive& directive) {
    constexpr std::size_t most = 255; // the length is one byte (RFC 7301, 3.1)
    if (directive.is_duplicate()) {
        return;
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const script::Value protocol = script::compile(directive, i);
        if (!protocol.valid) {
            return;
        }
        if (protocol.constant && directive[i].size() > most) {
            directive.error(i, "protocol too long");
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 9> setters = {{
    {"proxy_pass", proxy_pass},
    {"proxy_ssl", upstream_conf::ssl},
    {"proxy_ssl_alpn", proxy_ssl_alpn},
    {"proxy_ssl_certificate", upstream_conf::ssl_certificate},
    {"proxy_ssl_certificate_cache", upstream_conf::ssl_certificate_cache},
    {"proxy_ssl_certificate_key", upstream_conf::ssl_certificate_key},
    {"proxy_ssl_password_file", upstream_conf::ssl_password_file},
    {"proxy_ssl_trusted_certificate", upstream_conf::ssl_trusted_certificate},
    {"proxy_ssl_verify", upstream_conf::ssl_verify},
}};

constexpr UpstreamModule module = {.module = PassModule::proxy, .name = "proxy", .has_ssl = true};

} // namespace

const ModuleSetters ngx_stream_proxy_module = {
    "ngx_stream_proxy",
    setters,
    {.merge_server = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
