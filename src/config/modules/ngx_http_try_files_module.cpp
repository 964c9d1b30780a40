#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <array>
#include <fmt/format.h>

/// src/http/modules/ngx_http_try_files_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t largest_code = 999;

/// `=code`. nginx counts the end of a text without variables among its bytes, and so loses the last
/// one of a text that has some.
void check_code(Directive& directive, std::string_view text) {
    const std::string_view counted =
        script::has_variables(text) ? text.substr(0, text.size() - 1) : text;
    const auto code = parse_number(counted.substr(1));
    if (!code || *code > largest_code) {
        directive.emerg(directive.size(), fmt::format("invalid code \"{}\"", counted));
    }
}

/// ngx_http_try_files
void try_files(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        std::string_view name = directive[i];
        if (name.ends_with('/') && i != directive.size()) {
            name.remove_suffix(1);
        }
        if (!script::compile(directive, i, name).valid) {
            return;
        }
    }
    const std::string_view last = directive[directive.size()];
    if (last.starts_with('=')) {
        check_code(directive, last);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"try_files", try_files},
}};

} // namespace

const ModuleSetters ngx_http_try_files_module = {"ngx_http_try_files", setters};

} // namespace upstream_lint
