#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_js_module.hpp"

#include <array>

/// nginx/njs, nginx/ngx_stream_js_module.c
namespace upstream_lint {

namespace {

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"js_import", js::import},
    {"js_preload_object", js::preload_object},
    {"js_set", js::set},
    {"js_var", js::var},
}};

} // namespace

const ModuleSetters ngx_stream_js_module = {"ngx_stream_js", setters};

} // namespace upstream_lint
