#include "config/modules/modules.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <fmt/format.h>

/// Directives of third-party modules that define variables.
namespace upstream_lint {

namespace {

constexpr std::string_view default_is = "default=";
constexpr std::string_view source_is = "source=";

/// `$name`, which may be set elsewhere too (vision5/ngx_devel_kit, src/ndk_set_var.c,
/// ndk_set_var_name).
bool define(Directive& directive, std::size_t word) {
    const std::string_view text = directive[word];
    if (!text.starts_with('$')) {
        (void)script::variable_name(directive, word);
        return false;
    }
    const std::string_view name = text.substr(1);
    if (!script::define_variable(directive, word, name, true)) {
        return false;
    }
    script::use_variable(directive, word, name);
    return true;
}

/// An option of a variable of geoip2 may stand once.
bool is_first(Directive& line, std::size_t word, std::string_view option, std::size_t& first) {
    if (first == 0) {
        first = word;
        return true;
    }
    line.emerg(word, fmt::format("{} has already been declared for  \"{}\"", option, line[0]),
               Cause::duplicate);
    return false;
}

bool take_source(Directive& line, std::size_t word) {
    const std::string_view source = line[word].substr(source_is.size());
    if (!source.starts_with('$')) {
        line.emerg(word, fmt::format("invalid source variable name \"{}\"", source));
        return false;
    }
    return script::compile(line, word, source).valid;
}

/// leev/ngx_http_geoip2_module, ngx_http_geoip2_add_variable_geodata
bool take_options(Directive& line) {
    std::size_t source = 0;
    std::size_t standard = 0;
    for (std::size_t i = 1; i <= line.size(); ++i) {
        const std::string_view word = line[i];
        if (word.find('=') == std::string_view::npos) {
            return true;
        }
        bool is_right = false;
        if (word.size() > default_is.size() && word.starts_with(default_is)) {
            is_right = is_first(line, i, "default", standard);
        } else if (word.size() > source_is.size() && word.starts_with(source_is)) {
            is_right = is_first(line, i, "source", source) && take_source(line, i);
        } else {
            line.emerg(i, fmt::format("invalid setting \"{}\" for \"{}\"", word, line[0]))
                .notes.emplace_back("it takes `default=VALUE` and `source=$VARIABLE`");
        }
        if (!is_right) {
            return false;
        }
    }
    return true;
}

/// ngx_http_geoip2_parse_config
void geoip2_line(Directive& line) {
    if (line[0].starts_with('$')) {
        const bool is_metadata = line.size() > 0 && line[1] == "metadata";
        if (is_metadata || take_options(line)) {
            (void)script::define_variable(line, 0, line[0].substr(1), true);
        }
    } else if (line[0] != "auto_reload") {
        line.emerg(0, fmt::format("invalid setting \"{}\"", line[0]));
    } else if (line.size() != 1) {
        line.emerg(0, "invalid number of arguments for auto_reload", Cause::arguments);
    } else if (!parse_time(line[1], TimeUnit::seconds)) {
        line.emerg(1, fmt::format("invalid interval for auto_reload \"{}\"", line[1]));
    }
}

} // namespace

void shared::defines_variable(Directive& directive) {
    (void)define(directive, 1);
}

/// ndk_set_var_value: a variable alone is the value itself.
void shared::set_value(Directive& directive) {
    if (define(directive, 1) && directive.size() > 1) {
        (void)script::compile(directive, 2);
    }
}

/// ndk_set_var_multi_value
void shared::set_values(Directive& directive) {
    if (!define(directive, 1)) {
        return;
    }
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!script::compile(directive, i).valid) {
            return;
        }
    }
}

/// ngx_http_geoip2; databases are not opened.
void shared::geoip2_block(Directive& directive) {
    directive.set_line_handler(geoip2_line);
}

} // namespace upstream_lint
