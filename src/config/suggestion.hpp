#pragma once

#include "upstream_lint/nginx_build.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// Directive names close to `name`, nearest first, at most three: first those that may stand in
/// `context`, else any the build has. Cost: one bounded edit distance per directive of the table.
[[nodiscard]] std::vector<std::string_view>
similar_directives(std::string_view name, Context context, const NginxBuild& build);

/// Of these words the ones close to `word`, nearest first, at most three. `=` at the end of a known
/// word stands for a value behind it.
[[nodiscard]] std::vector<std::string_view> similar_words(std::string_view word,
                                                          std::span<const std::string_view> known);

/// "did you mean `a` or `b`?", or nothing when there are none.
[[nodiscard]] std::optional<std::string> did_you_mean(const std::vector<std::string_view>& similar);

/// Where the directive may stand in this build; empty when the build does not have it.
[[nodiscard]] ContextMask contexts_of(std::string_view name, const NginxBuild& build);

/// Edit distance with transpositions (optimal string alignment), or `limit` + 1 when it is larger.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

} // namespace upstream_lint
