#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_index_module.c
namespace upstream_lint {

namespace {

/// ngx_http_index_set_index
void index(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (directive[i].starts_with('/') && i != directive.size()) {
            directive.warn(i, "only the last index in \"index\" directive should be absolute");
        }
        if (directive[i].empty()) {
            // the first one was named, whichever it was
            const std::string_view named = directive[directive.cycle().before(1, 29, 2) ? 1 : i];
            directive.emerg(i,
                            fmt::format("index \"{}\" in \"index\" directive is invalid", named));
            return;
        }
        if (!script::compile(directive, i).valid) {
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"index", index},
}};

} // namespace

const ModuleSetters ngx_http_index_module = {"ngx_http_index", setters};

} // namespace upstream_lint
