#pragma once

#include "regex/regex.hpp"
#include "resolve/language_bounds.hpp"

#include <string_view>

namespace upstream_lint {

/// The texts in which nginx finds a pattern (src/core/ngx_regex.c, ngx_regex_exec), as bytes, by
/// PCRE2 without options but caselessness. The pattern has to compile. Exact where it is built of
/// literals, classes, anchors, groups, repetitions, looks around and possessive repetitions of one
/// byte; else nothing is certain and `upper` is what may match. That PCRE2 gives up on a text is
/// not counted.
///
/// Cost: that of determinize() and minimized(), which end within their own bounds.
[[nodiscard]] LanguageBounds language_of_regex(std::string_view pattern, Case letters);

} // namespace upstream_lint
