#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/script.hpp"

#include <array>

/// src/http/modules/ngx_http_upstream_hash_module.c; src/stream/ngx_stream_upstream_hash_module.c
/// says the same.
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"hash", shared::upstream_hash},
}};

} // namespace

/// ngx_http_upstream_hash
void shared::upstream_hash(Directive& directive) {
    if (!script::compile(directive, 1).valid) {
        return;
    }
    upstream::set_balancer(directive);
    directive.scope().conf<UpstreamBlock>().parameters = ServerParameters::without_backup;
    if (directive.size() > 1 && c_string(directive[2]) != "consistent") {
        static constexpr std::array<std::string_view, 1> known = {"consistent"};
        upstream::report_parameter(directive, 2, known);
    }
}

const ModuleSetters ngx_http_upstream_hash_module = {"ngx_http_upstream_hash", setters};

} // namespace upstream_lint
