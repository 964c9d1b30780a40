#pragma once

#include "config/directive_table.hpp"
#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/syntax.hpp"

#include <string>
#include <string_view>

/// What is said beyond nginx's own words.
namespace upstream_lint {

/// What the body of the block `name` would be in `context`, or wherever the build allows it.
/// `none` where the build has no such block.
[[nodiscard]] Context opened_by(std::string_view name, Context context, const NginxBuild& build);

/// Why the build does not have a directive of the table: its version, or a module.
[[nodiscard]] std::string absence_reason(std::string_view name, Context context,
                                         const NginxBuild& build);

/// What in an unknown name cannot be seen, or comes from the words before it.
void explain_name(std::string_view name, Diagnostic& diagnostic);

/// Where a directive that may not stand in `context` may.
[[nodiscard]] std::string placement(std::string_view name, Context context,
                                    const NginxBuild& build);

/// `takes 1 or 2 arguments`.
[[nodiscard]] std::string expected_arguments(const DirectiveRow& row);

/// Adds to nginx's text where an unclosed thing was opened, and what is likely meant.
void explain_syntax_error(const SyntaxTree& tree, FileId file, const SyntaxError& error,
                          Diagnostic& diagnostic);

} // namespace upstream_lint
