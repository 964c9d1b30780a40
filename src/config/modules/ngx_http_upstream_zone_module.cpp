#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_upstream_zone_module.c; src/stream/ngx_stream_upstream_zone_module.c
/// says the same.
namespace upstream_lint {

namespace {

constexpr std::int64_t min_size = 8 * page_size;

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"zone", shared::upstream_zone},
}};

} // namespace

/// ngx_http_upstream_zone
void shared::upstream_zone(Directive& directive) {
    const std::string_view name = directive[1];
    if (name.empty()) {
        directive.emerg(1, "invalid zone name \"\"");
        return;
    }
    std::int64_t size = 0;
    if (directive.size() > 1) {
        const auto parsed = parse_size(directive[2]);
        if (!parsed) {
            directive.emerg(2, fmt::format("invalid zone size \"{}\"", directive[2]));
            return;
        }
        if (*parsed < min_size) {
            directive.emerg(2, fmt::format("zone \"{}\" is too small", name))
                .notes.push_back(fmt::format("the least is {}k", min_size / 1024));
            return;
        }
        size = *parsed;
    }
    const std::string_view owner =
        directive.scope().is_in_stream() ? "ngx_stream_upstream" : "ngx_http_upstream";
    SharedZone* const added = add_shared_zone(directive, 1, name, size, owner);
    if (added != nullptr) {
        added->data = added->name;
        directive.scope().conf<UpstreamBlock>().zone = added;
    }
}

const ModuleSetters ngx_http_upstream_zone_module = {"ngx_http_upstream_zone", setters};

} // namespace upstream_lint
