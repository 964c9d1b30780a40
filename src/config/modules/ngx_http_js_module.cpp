#include "config/modules/ngx_http_js_module.hpp"

#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/script.hpp"

#include <array>
#include <cstddef>
#include <fmt/format.h>

/// nginx/njs, nginx/ngx_js.c and nginx/ngx_http_js_module.c
namespace upstream_lint {

namespace {

/// What a file brings, and what nginx calls its name.
struct Kind {
    std::string_view suffix;
    std::string_view name;
};

bool may_begin_name(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name(Directive& directive, std::string_view name, const Kind& kind) {
    if (name.empty()) {
        directive.emerg(1, fmt::format("empty {} name", kind.name));
        return false;
    }
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (may_begin_name(name[i])) {
            continue;
        }
        if (i == 0) {
            directive.emerg(1, fmt::format("cannot start with \"{}\" in {} name \"{}\"", name[i],
                                           kind.name, name));
            return false;
        }
        if (name[i] < '0' || name[i] > '9') {
            directive.emerg(1, fmt::format("invalid character \"{}\" in {} name \"{}\"", name[i],
                                           kind.name, name));
            return false;
        }
    }
    return true;
}

/// ngx_js_import, ngx_js_preload_object: `FILE`, or `NAME from FILE`.
void take_file(Directive& directive, const Kind& kind) {
    const bool has_from = directive.size() == 3;
    if (has_from && c_string(directive[2]) != "from") {
        directive.emerg(2, fmt::format("invalid parameter \"{}\"", directive[2]))
            .notes.emplace_back("it is written `NAME from FILE`");
        return;
    }
    const std::string_view path = directive[has_from ? 3 : 1];
    std::string_view name = directive[1];
    if (!has_from) {
        name.remove_prefix(name.rfind('/') + 1);
        if (!name.ends_with(kind.suffix)) {
            directive.emerg(1, fmt::format("cannot extract export name from file path \"{}\", use "
                                           "extended \"from\" syntax",
                                           path));
            return;
        }
        name.remove_suffix(kind.suffix.size());
    }
    if (is_name(directive, name, kind) && c_string(path).find('\'') != std::string_view::npos) {
        directive.emerg(has_from ? 3 : 1,
                        fmt::format("invalid character \"'\" in file path \"{}\"", path));
    }
}

bool define(Directive& directive) {
    const std::string_view word = directive[1];
    if (!word.starts_with('$')) {
        (void)script::variable_name(directive, 1);
        return false;
    }
    return script::define_variable(directive, 1, word.substr(1), true);
}

/// ngx_http_js_body_filter_set
void js_body_filter(Directive& directive) {
    if (directive.is_duplicate() || directive.size() < 2) {
        return;
    }
    const std::string_view word = directive[2];
    if (word.starts_with("buffer_type=") && c_string(word) != "buffer_type=string" &&
        c_string(word) != "buffer_type=buffer") {
        directive.emerg(2, fmt::format("invalid buffer_type value \"{}\", it must be \"string\" or "
                                       "\"buffer\"",
                                       word));
    }
}

constexpr std::array<DirectiveSetter, 6> setters = {{
    {"js_body_filter", js_body_filter},
    {"js_content", js::once},
    {"js_import", js::import},
    {"js_preload_object", js::preload_object},
    {"js_set", js::set},
    {"js_var", js::var},
}};

} // namespace

void js::import(Directive& directive) {
    take_file(directive, {".js", "export"});
}

void js::preload_object(Directive& directive) {
    take_file(directive, {".json", "global"});
}

void js::once(Directive& directive) {
    (void)directive.is_duplicate();
}

/// ngx_http_js_set
void js::set(Directive& directive) {
    (void)define(directive);
}

/// ngx_http_js_var
void js::var(Directive& directive) {
    if (define(directive) && directive.size() > 1) {
        (void)script::compile(directive, 2);
    }
}

const ModuleSetters ngx_http_js_module = {"ngx_http_js", setters};

} // namespace upstream_lint
