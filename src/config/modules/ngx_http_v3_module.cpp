#include "config/modules/modules.hpp"

#include <array>

/// src/http/v3/ngx_http_v3_module.c
namespace upstream_lint {

namespace {

/// ngx_http_quic_host_key. The file is not read.
void quic_host_key(Directive& directive) {
    (void)directive.is_duplicate();
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"quic_host_key", quic_host_key},
}};

} // namespace

const ModuleSetters ngx_http_v3_module = {"ngx_http_v3", setters};

} // namespace upstream_lint
