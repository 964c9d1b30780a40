#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_browser_module.c
namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 5> browsers = {"opera", "msie", "gecko", "safari",
                                                      "konqueror"};

bool is_browser(std::string_view name) {
    return std::ranges::any_of(
        browsers, [&](std::string_view browser) { return equal_ignoring_case(browser, name); });
}

/// ngx_http_modern_browser
void modern_browser(Directive& directive) {
    if (directive.size() == 1) {
        if (c_string(directive[1]) != "unlisted") {
            directive.emerg(1, fmt::format("invalid parameter \"{}\"", directive[1]))
                .notes.emplace_back("nginx fails here without a message: one value alone must be "
                                    "`unlisted`");
        }
        return;
    }
    if (!is_browser(c_string(directive[1]))) {
        directive.emerg(1, fmt::format("unknown browser name \"{}\"", directive[1]))
            .notes.emplace_back("the names are `opera`, `msie`, `gecko`, `safari` and `konqueror`");
        return;
    }
    if (directive[2].find_first_not_of("0123456789.") != std::string_view::npos) {
        directive.emerg(2, fmt::format("invalid browser version \"{}\"", directive[2]));
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"modern_browser", modern_browser},
}};

} // namespace

const ModuleSetters ngx_http_browser_module = {"ngx_http_browser", setters};

} // namespace upstream_lint
