#pragma once

#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/result.hpp"
#include "upstream_lint/syntax.hpp"

#include <string>
#include <string_view>

/// nginx's own words.
namespace upstream_lint {

/// What `%s` prints of a word: a NUL byte ends it.
[[nodiscard]] std::string_view c_string(std::string_view value);

/// What nginx says of a syntax error (src/core/ngx_conf_file.c; Lua blocks: lua-nginx-module,
/// src/ngx_http_lua_directive.c).
[[nodiscard]] std::string syntax_message(const SyntaxTree& tree, const SyntaxError& error);
[[nodiscard]] Cause syntax_cause(const SyntaxTree& tree, const SyntaxError& error);

[[nodiscard]] std::string unknown_directive(std::string_view name);
[[nodiscard]] std::string not_allowed(std::string_view name);
[[nodiscard]] std::string not_terminated(std::string_view name);
[[nodiscard]] std::string no_opening(std::string_view name);
[[nodiscard]] std::string wrong_number(std::string_view name);
[[nodiscard]] std::string duplicate_directive(std::string_view name);

/// The text is cut as nginx cuts it (NGX_MAX_CONF_ERRSTR).
[[nodiscard]] std::string cut_message(std::string text);

/// The same of a message that nginx writes without a place (NGX_MAX_ERROR_STR), less the time, the
/// level and a process id of five digits, which stand in front.
[[nodiscard]] std::string cut_log_message(std::string text);

/// What became of a system call, cut so that the reason remains (src/core/ngx_log.c,
/// ngx_log_errno).
[[nodiscard]] std::string failure_message(const Error& error);

} // namespace upstream_lint
