#pragma once

#include "upstream_lint/nginx_build.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Directive names close to `name`, nearest first, at most three: first those that may stand in
/// `context`, else any the build has. Cost: one bounded edit distance per directive of the table.
[[nodiscard]] std::vector<std::string_view>
similar_directives(std::string_view name, Context context, const NginxBuild& build);

/// Where the directive may stand in this build; empty when the build does not have it.
[[nodiscard]] ContextMask contexts_of(std::string_view name, const NginxBuild& build);

/// Edit distance with transpositions (optimal string alignment), or `limit` + 1 when it is larger.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

} // namespace upstream_lint
