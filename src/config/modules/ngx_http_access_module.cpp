#include "config/client_networks.hpp"
#include "config/modules/modules.hpp"

#include <array>

/// src/http/modules/ngx_http_access_module.c
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"allow", take_access_rule},
    {"deny", take_access_rule},
}};

} // namespace

const ModuleSetters ngx_http_access_module = {"ngx_http_access", setters};

} // namespace upstream_lint
