#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/slots.hpp"

#include <array>

/// src/http/modules/ngx_http_upstream_least_time_module.c;
/// src/stream/ngx_stream_upstream_least_time_module.c says the same of other words.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"least_time", shared::upstream_least_time},
}};

} // namespace

/// ngx_http_upstream_least_time
void shared::upstream_least_time(Directive& directive) {
    static constexpr std::array<std::string_view, 1> words = {"inflight"};
    upstream::set_balancer(directive);
    directive.scope().conf<UpstreamBlock>().parameters = ServerParameters::all;
    if (directive.size() == 2 && c_string(directive[2]) != words.front()) {
        upstream::report_parameter(directive, 2, words);
        return;
    }
    (void)slot::enumeration(directive);
}

const ModuleSetters ngx_http_upstream_least_time_module = {"ngx_http_upstream_least_time", setters};

} // namespace upstream_lint
