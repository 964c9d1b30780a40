#pragma once

#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/render.hpp"
#include "upstream_lint/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// How a part of a source line is marked.
struct Mark {
    std::string_view color; ///< of a Palette
    char sign = '^';
    std::string_view text{}; ///< behind the marks; shown as it is
};

/// `FILE:LINE:COLUMN`.
[[nodiscard]] std::string place_text(const Span& span, const SourceManager& sources,
                                     const TextStyle& style);

/// The first line of a span with the span marked.
[[nodiscard]] std::string excerpt(const Span& span, const SourceManager& sources,
                                  const TextStyle& style, const Mark& mark);

/// The include directives that lead to a place.
void append_trail(std::string& out, const std::vector<Span>& trail, const SourceManager& sources,
                  const TextStyle& style);

/// A label's line, with its place where that is in another file than `shown`.
void append_label(std::string& out, const Label& label, FileId shown, const SourceManager& sources,
                  const TextStyle& style);

} // namespace upstream_lint
