#pragma once

#include "config/directive.hpp"
#include "regex/regex.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace upstream_lint {

/// The variables of `http` or `stream`: what is defined and what is used (src/http/
/// ngx_http_variables.c, src/stream/ngx_stream_variables.c). Kept by that block.
struct Variables {
    struct Definition {
        Place place;             ///< none: built in
        bool changeable = false; ///< may be defined again, and set
    };

    struct Use {
        std::string_view name;
        Place place;
    };

    std::unordered_map<std::string_view, Definition> defined; ///< by name in lower case
    std::unordered_set<std::string_view> used;
    std::vector<Use> uses; ///< the first of each name, in nginx's order
};

namespace script {

/// A value as nginx compiles it.
struct Value {
    bool valid = false;
    bool constant = true; ///< has neither variables nor captures
};

/// Reads the variables of a word and notes their use (ngx_http_compile_complex_value,
/// ngx_stream_compile_complex_value). Reports names that are none.
Value compile(Directive& directive, std::size_t word);
/// The same for a part of that word.
Value compile(Directive& directive, std::size_t word, std::string_view text);

/// The same for what is compiled when nginx has read on to `at`; `scope` is where it stands.
Value compile(Cycle& cycle, Scope& scope, std::string_view text, const Place& place,
              const Place& at);

/// Whether there is anything to compile (ngx_http_script_variables_count).
[[nodiscard]] inline bool has_variables(std::string_view text) {
    return text.find('$') != std::string_view::npos;
}

/// Notes that a variable is used, as ngx_http_get_variable_index does. The name stands without `$`.
void use_variable(Directive& directive, std::size_t word, std::string_view name);

/// Notes that the directive defines a variable (ngx_http_add_variable). Reports names that are none
/// and names that may not be defined again; false then.
bool define_variable(Directive& directive, std::size_t word, std::string_view name,
                     bool changeable);

/// `$name` without its `$`; reports `invalid variable name "X"` and gives nothing otherwise, also
/// when there is nothing behind the `$`.
[[nodiscard]] std::string_view variable_name(Directive& directive, std::size_t word);

/// Compiles a regular expression that is a word, or a part of it; reports what PCRE2 says when it
/// does not compile, and gives null then. With `defines`, its named captures become variables
/// (ngx_http_regex_compile). Kept as long as the cycle, and compiled once however often it stands.
const Regex* compile_regex(Directive& directive, std::size_t word, std::string_view pattern,
                           Case letters, bool defines);

/// Whether there may be such a variable: a definition, one of the build's, or one of a family.
/// Without the `$`, in any case.
[[nodiscard]] bool is_known_variable(const Cycle& cycle, Scope& main, std::string_view name);

/// At the end of `http` or `stream`, behind what the modules do there: all variables that are used
/// must be known (ngx_http_variables_init_vars, ngx_stream_variables_init_vars).
void check_variables(Cycle& cycle, Scope& main);

} // namespace script

} // namespace upstream_lint
