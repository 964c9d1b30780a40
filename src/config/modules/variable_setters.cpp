#include "config/modules/modules.hpp"
#include "config/script.hpp"

/// Directives of modules whose values are not looked at, for the variables that they define.
namespace upstream_lint {

namespace {

/// A `$name` in front; what else may stand there is not judged.
void define(Directive& directive, std::size_t word) {
    const std::string_view text = directive[word];
    if (text.size() < 2 || text[0] != '$') {
        return;
    }
    const std::string_view name = text.substr(1);
    if (script::define_variable(directive, word, name, true)) {
        script::use_variable(directive, word, name);
    }
}

void geoip2_line(Directive& line) {
    define(line, 0);
}

} // namespace

void shared::defines_variable(Directive& directive) {
    if (directive.size() > 0) {
        define(directive, 1);
    }
}

/// ngx_http_geoip2: the lines of its body are `$variable source=... path`.
void shared::geoip2_block(Directive& directive) {
    directive.set_line_handler(geoip2_line);
}

} // namespace upstream_lint
