#include "config/messages.hpp"
#include "config/modules/modules.hpp"

#include <array>
#include <optional>

/// src/http/modules/ngx_http_mirror_module.c
namespace upstream_lint {

namespace {

struct Mirrors {
    std::optional<bool> is_off;
    Place place;
};

/// ngx_http_mirror: several addresses, or `off` alone.
void mirror(Directive& directive) {
    auto& mirrors = directive.scope().conf<Mirrors>();
    const bool is_off = c_string(directive[1]) == "off";
    if (mirrors.is_off && (is_off || *mirrors.is_off)) {
        directive.error("is duplicate", Cause::duplicate).label(mirrors.place, "first here");
        return;
    }
    mirrors = {is_off, directive.place()};
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"mirror", mirror},
}};

} // namespace

const ModuleSetters ngx_http_mirror_module = {"ngx_http_mirror", setters};

} // namespace upstream_lint
