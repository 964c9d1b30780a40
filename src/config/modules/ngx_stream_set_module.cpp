#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>

/// src/stream/ngx_stream_set_module.c
namespace upstream_lint {

namespace {

/// ngx_stream_set
void set(Directive& directive) {
    const std::string_view name = script::variable_name(directive, 1);
    if (name.empty() || !script::define_variable(directive, 1, name, true)) {
        return;
    }
    script::use_variable(directive, 1, name);
    (void)script::compile(directive, 2);
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"set", set},
}};

} // namespace

const ModuleSetters ngx_stream_set_module = {"ngx_stream_set", setters};

} // namespace upstream_lint
