#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/perl/ngx_http_perl_module.c. The code itself is not looked at.
namespace upstream_lint {

namespace {

/// ngx_http_perl
void perl(Directive& directive) {
    if (const Place* const first = directive.cycle().first_of(directive.row(), directive.place())) {
        directive
            .emerg(1, fmt::format("duplicate perl handler \"{}\"", directive[1]), Cause::duplicate)
            .label(*first, "first here");
    }
}

/// ngx_http_perl_set
void perl_set(Directive& directive) {
    const std::string_view word = directive[1];
    if (!word.starts_with('$')) {
        (void)script::variable_name(directive, 1);
        return;
    }
    if (script::define_variable(directive, 1, word.substr(1), true)) {
        script::use_variable(directive, 1, word.substr(1));
    }
}

constexpr std::array<DirectiveSetter, 2> setters = {{
    {"perl", perl},
    {"perl_set", perl_set},
}};

} // namespace

const ModuleSetters ngx_http_perl_module = {"ngx_http_perl", setters};

} // namespace upstream_lint
