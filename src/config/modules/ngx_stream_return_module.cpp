#include "config/modules/modules.hpp"
#include "config/modules/ngx_stream_core_module.hpp"
#include "config/script.hpp"

#include <array>

/// src/stream/ngx_stream_return_module.c
namespace upstream_lint {

namespace {

/// ngx_stream_return
void return_text(Directive& directive) {
    set_stream_handler(directive);
    if (!directive.is_duplicate()) {
        (void)script::compile(directive, 1);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"return", return_text},
}};

} // namespace

const ModuleSetters ngx_stream_return_module = {"ngx_stream_return", setters};

} // namespace upstream_lint
