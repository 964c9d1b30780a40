#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_upstream_keepalive_module.c
namespace upstream_lint {

namespace {

/// ngx_http_upstream_keepalive. Until 1.29.7 it wrapped the way to balance, and 0 was none of its
/// values.
void keepalive(Directive& directive) {
    const bool wraps = directive.cycle().before(1, 29, 7);
    if (directive.is_duplicate()) {
        return;
    }
    const auto connections = parse_number(directive[1]);
    if (!connections || (wraps && *connections == 0)) {
        directive.emerg(1, fmt::format("invalid value \"{}\" in \"{}\" directive", directive[1],
                                       directive.name()));
        return;
    }
    if (directive.size() > 1 && c_string(directive[2]) != "local") {
        static constexpr std::array<std::string_view, 1> known = {"local"};
        upstream::report_parameter(directive, 2, known);
        return;
    }
    if (wraps) {
        directive.scope().conf<UpstreamBlock>().balancer = directive.place();
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"keepalive", keepalive},
}};

} // namespace

const ModuleSetters ngx_http_upstream_keepalive_module = {"ngx_http_upstream_keepalive", setters};

} // namespace upstream_lint
