#include "render/palette.hpp"
#include "render/utf8.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::size_t excerpt_width = 160; // bytes of a source line that are shown
constexpr std::size_t excerpt_lead = 40;   // of these before the mark, where the line is longer
constexpr std::size_t max_trail_shown = 8;

std::string_view severity_word(const Diagnostic& diagnostic) {
    if (diagnostic.verdict == Verdict::unknown) {
        return diagnostic.level == Level::warn ? "warning" : "unknown";
    }
    return diagnostic.level == Level::warn ? "warning" : "error";
}

std::string_view severity_color(const Diagnostic& diagnostic, const Palette& palette) {
    if (diagnostic.level == Level::warn) {
        return palette.warning;
    }
    return diagnostic.verdict == Verdict::unknown ? palette.info : palette.error;
}

std::size_t display_width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string place(const Span& span, const SourceManager& sources, const TextStyle& style) {
    const LineColumn at = sources.line_column(span.file, span.begin);
    return fmt::format("{}:{}:{}", visible(shown_path(sources.path(span.file), style)), at.line,
                       at.column);
}

/// The line of a span with the span marked by `mark`, and behind the marks `text`.
std::string excerpt(const Span& span, const SourceManager& sources, const Palette& palette,
                    std::string_view mark_color, char mark, std::string_view text) {
    const LineColumn at = sources.line_column(span.file, span.begin);
    const std::string_view line = sources.line_text(span.file, at.line);
    const std::size_t column = std::min<std::size_t>(at.column - 1, line.size());
    const std::size_t begin = column + excerpt_lead > excerpt_width ? column - excerpt_lead : 0;
    const std::string_view window = line.substr(begin, excerpt_width);
    const std::size_t marked = std::clamp<std::size_t>(
        span.end - span.begin, 1, std::max<std::size_t>(line.size() - column, 1));
    const std::string before = visible(window.substr(0, column - begin));
    const std::string under =
        visible(window.substr(std::min(column - begin, window.size()), marked));
    const std::string number = fmt::format("{:>5}", at.line);
    const std::string_view lead = begin == 0 ? "" : "...";
    const std::string_view tail = begin + window.size() < line.size() ? "..." : "";
    std::string marks(std::max<std::size_t>(display_width(under), 1), mark == '^' ? '~' : mark);
    marks[0] = mark;
    std::string out = fmt::format("{}{} |{} {}{}{}\n", palette.dim, number, palette.reset, lead,
                                  visible(window), tail);
    out += fmt::format("{}{} |{} {}{}{}{}{}{}\n", palette.dim, std::string(number.size(), ' '),
                       palette.reset, std::string(lead.size() + display_width(before), ' '),
                       mark_color, marks, text.empty() ? "" : " ", text, palette.reset);
    return out;
}

void append_trail(std::string& out, const Diagnostic& diagnostic, const SourceManager& sources,
                  const TextStyle& style, const Palette& palette) {
    const std::size_t shown = std::min(diagnostic.trail.size(), max_trail_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        out += fmt::format("{}      = included from {}{}\n", palette.dim,
                           place(diagnostic.trail[i], sources, style), palette.reset);
    }
    if (shown < diagnostic.trail.size()) {
        out += fmt::format("{}      = and {} more{}\n", palette.dim,
                           diagnostic.trail.size() - shown, palette.reset);
    }
}

/// Where a label stands, and how nginx's reader got there.
void append_file(std::string& out, const Label& label, const SourceManager& sources,
                 const TextStyle& style, const Palette& palette) {
    out += fmt::format("      {}in {}", palette.dim, place(label.span, sources, style));
    const std::size_t shown = std::min(label.trail.size(), max_trail_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        out += fmt::format(", included from {}", place(label.trail[i], sources, style));
    }
    out += fmt::format("{}:{}\n", shown < label.trail.size() ? ", ..." : "", palette.reset);
}

void append(std::string& out, const Diagnostic& diagnostic, const SourceManager& sources,
            const TextStyle& style) {
    const Palette palette = palette_of(style);
    const std::string_view color = severity_color(diagnostic, palette);
    const bool has_place = !diagnostic.span.file.is_none();
    if (has_place) {
        out += fmt::format("{}{}:{} ", palette.strong, place(diagnostic.span, sources, style),
                           palette.reset);
    }
    out += fmt::format("{}{}:{} {}{}{}\n", color, severity_word(diagnostic), palette.reset,
                       palette.strong, visible(diagnostic.message), palette.reset);
    if (has_place) {
        out += excerpt(diagnostic.span, sources, palette, color, '^', "");
    }
    for (const Label& label : diagnostic.labels) {
        if (label.span.file != diagnostic.span.file || !label.trail.empty()) {
            append_file(out, label, sources, style, palette);
        }
        out += excerpt(label.span, sources, palette, palette.info, '-', visible(label.text));
    }
    for (const std::string& note : diagnostic.notes) {
        out += fmt::format("      {}={} {}\n", palette.dim, palette.reset, visible(note));
    }
    append_trail(out, diagnostic, sources, style, palette);
}

} // namespace

std::string render_text(std::span<const Diagnostic> diagnostics, const SourceManager& sources,
                        const TextStyle& style) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) {
        if (!out.empty()) {
            out += '\n';
        }
        append(out, diagnostic, sources, style);
    }
    return out;
}

std::string render_gcc(std::span<const Diagnostic> diagnostics, const SourceManager& sources,
                       const TextStyle& style) {
    std::string out;
    for (const Diagnostic& diagnostic : diagnostics) {
        const std::string where = diagnostic.span.file.is_none()
                                      ? "nginx-upstream-lint"
                                      : place(diagnostic.span, sources, style);
        const std::string_view word =
            diagnostic.verdict == Verdict::unknown && diagnostic.level != Level::warn
                ? "note"
                : severity_word(diagnostic);
        out += fmt::format("{}: {}: {}\n", where, word, visible(diagnostic.message));
    }
    return out;
}

} // namespace upstream_lint
