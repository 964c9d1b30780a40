#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>

/// yaoweibin/ngx_http_substitutions_filter_module, ngx_http_subs_filter_module.c
namespace upstream_lint {

namespace {

/// The highest of `$1` to `$9`; 0 when there is none.
std::uint32_t highest_capture(std::string_view text) {
    std::uint32_t highest = 0;
    for (std::size_t at = text.find('$'); at != std::string_view::npos && at + 1 < text.size();
         at = text.find('$', at + 1)) {
        const char next = text[at + 1] == '{' && at + 2 < text.size() ? text[at + 2] : text[at + 1];
        if (next >= '1' && next <= '9') {
            highest = std::max(highest, static_cast<std::uint32_t>(next - '0'));
        }
    }
    return highest;
}

/// ngx_http_subs_filter: letters of the third value that are no option are passed over.
void subs_filter(Directive& directive) {
    if (!script::compile(directive, 2).valid || directive.size() < 3) {
        return;
    }
    const std::string_view options = directive[3];
    const bool is_insensitive = options.find('i') != std::string_view::npos;
    if (!is_insensitive && options.find('r') == std::string_view::npos) {
        return;
    }
    const Regex* const regex = script::compile_regex(
        directive, 1, directive[1], is_insensitive ? Case::insensitive : Case::sensitive, false);
    if (regex != nullptr && highest_capture(directive[2]) > regex->captures()) {
        directive.emerg(2, fmt::format("You want to capture too many regex substrings, more than "
                                       "{} in \"{}\"",
                                       regex->captures(), directive[2]));
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"subs_filter", subs_filter},
}};

} // namespace

const ModuleSetters ngx_http_subs_filter_module = {"ngx_http_subs_filter", setters};

} // namespace upstream_lint
