#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"

#include <array>

/// src/http/modules/ngx_http_upstream_random_module.c;
/// src/stream/ngx_stream_upstream_random_module.c says the same.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"random", shared::upstream_random},
}};

} // namespace

/// ngx_http_upstream_random
void shared::upstream_random(Directive& directive) {
    static constexpr std::array<std::string_view, 2> words = {"two", "least_conn"};
    upstream::set_balancer(directive);
    directive.scope().conf<UpstreamBlock>().parameters = ServerParameters::without_backup;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (c_string(directive[i]) != words[i - 1]) {
            upstream::report_parameter(directive, i, words);
            return;
        }
    }
}

const ModuleSetters ngx_http_upstream_random_module = {"ngx_http_upstream_random", setters};

} // namespace upstream_lint
