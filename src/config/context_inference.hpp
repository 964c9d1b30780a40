#pragma once

#include "upstream_lint/nginx_build.hpp"
#include "upstream_lint/syntax.hpp"

#include <optional>
#include <string_view>

namespace upstream_lint {

/// What `# nginx-upstream-lint: context=NAME` in front of the first directive says.
struct ContextComment {
    std::uint32_t begin = 0; ///< the name's place in the file
    std::uint32_t end = 0;
    std::optional<Context> context; ///< nothing when there is no context of that name
};

[[nodiscard]] std::optional<ContextComment> find_context_comment(const SyntaxTree& tree);

/// The context whose file this could be, from the directives at its top and those directly inside
/// their blocks. `main` when these may all stand there, or when no other context takes them all.
[[nodiscard]] Context infer_context(const SyntaxTree& tree);

} // namespace upstream_lint
