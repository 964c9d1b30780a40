#include "config/modules/modules.hpp"

#include <array>

/// src/event/ngx_event_openssl.c
namespace upstream_lint {

namespace {

/// ngx_openssl_engine. Which engines there are is not known.
void ssl_engine(Directive& directive) {
    (void)directive.is_duplicate();
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"ssl_engine", ssl_engine},
}};

} // namespace

const ModuleSetters ngx_openssl_module = {"ngx_openssl", setters};

} // namespace upstream_lint
