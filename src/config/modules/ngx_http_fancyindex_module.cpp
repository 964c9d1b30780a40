#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// aperezdc/ngx-fancyindex, ngx_http_fancyindex_module.c. Files are not opened.
namespace upstream_lint {

namespace {

bool equals_ignoring_case(std::string_view text, std::string_view lower) {
    return std::ranges::equal(text, lower, {}, [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
}

/// ngx_fancyindex_conf_set_headerfooter
void header_or_footer(Directive& directive) {
    if (directive.is_duplicate() || directive.size() == 1) {
        return;
    }
    if (!equals_ignoring_case(directive[2], "subrequest") &&
        !equals_ignoring_case(directive[2], "local")) {
        directive.emerg(2, fmt::format("unknown header/footer kind \"{}\"", directive[2]))
            .notes.emplace_back("it is one of `subrequest` and `local`");
    }
}

/// ngx_http_fancyindex_ignore
void fancyindex_ignore(Directive& directive) {
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        if (!script::compile_regex(directive, i, directive[i], Case::insensitive, false)) {
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 3> setters = {{
    {"fancyindex_footer", header_or_footer},
    {"fancyindex_header", header_or_footer},
    {"fancyindex_ignore", fancyindex_ignore},
}};

} // namespace

const ModuleSetters ngx_http_fancyindex_module = {"ngx_http_fancyindex", setters};

} // namespace upstream_lint
