#pragma once

#include "resolve/script.hpp"
#include "upstream_lint/model.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace upstream_lint {

/// What an `if` asks (src/http/modules/ngx_http_rewrite_module.c, ngx_http_rewrite_if_condition).
struct Condition {
    enum class Kind : std::uint8_t {
        is_set, ///< neither empty nor `0`
        equal,
        matches,
        file,       ///< `-f`
        directory,  ///< `-d`
        exists,     ///< `-e`
        executable, ///< `-x`
    };

    Kind kind = Kind::is_set;
    bool negated = false;
    VariableIndex variable = 0; ///< of the first three
    ComplexValue value;         ///< what it is compared with; the path of a file
    HttpRegex* regex = nullptr;
    std::string text; ///< as it is written, without parentheses
};

/// One directive of the rewrite module.
struct RewriteInstruction {
    enum class Kind : std::uint8_t { if_block, set, rewrite, return_code, break_off };

    Kind kind = Kind::break_off;
    DirectiveRef directive;

    Condition condition;        ///< of `if`
    LocationId block;           ///< of `if` in a location: what it switches to
    std::size_t next = 0;       ///< of `if`: where it goes on when it is false
    VariableIndex variable = 0; ///< of `set`
    ComplexValue value;         ///< of `set`, `rewrite` and `return`
    HttpRegex* regex = nullptr; ///< of `rewrite`
    int status = 0;             ///< of `return`, and of a `rewrite` that redirects
    bool has_text = false;      ///< of `return`: there is a text that is not empty
    bool adds_args = false;     ///< of `rewrite`: the request's arguments are added
    bool has_args = false;      ///< of a `rewrite` that redirects: its replacement has arguments
    bool breaks = false;        ///< of `rewrite`: `break`
    bool ends = false;          ///< of `rewrite`: the program ends with it
};

/// The rewrite directives of a server or a location, in order, with those in its `if` blocks
/// (ngx_http_rewrite_loc_conf_t.codes).
using RewriteProgram = std::vector<RewriteInstruction>;

/// Compiles that of a level.
[[nodiscard]] RewriteProgram compile_rewrites(const Model& model, LocationId level,
                                              VariableNames& names, HttpRegexes& regexes);

} // namespace upstream_lint
