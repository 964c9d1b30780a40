#include "render/excerpt.hpp"

#include "render/palette.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::size_t excerpt_width = 160; // bytes of a source line that are shown
constexpr std::size_t excerpt_lead = 40;   // of these before the mark, where the line is longer
constexpr std::size_t max_trail_shown = 8;

std::size_t display_width(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

/// Where a label stands, and how nginx's reader got there.
void append_file(std::string& out, const Label& label, const SourceManager& sources,
                 const TextStyle& style) {
    const Palette palette = palette_of(style);
    out += fmt::format("      {}in {}", palette.dim, place_text(label.span, sources, style));
    const std::size_t shown = std::min(label.trail.size(), max_trail_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        out += fmt::format(", included from {}", place_text(label.trail[i], sources, style));
    }
    out += fmt::format("{}:{}\n", shown < label.trail.size() ? ", ..." : "", palette.reset);
}

} // namespace

std::string place_text(const Span& span, const SourceManager& sources, const TextStyle& style) {
    const LineColumn at = sources.line_column(span.file, span.begin);
    return fmt::format("{}:{}:{}", visible(shown_path(sources.path(span.file), style)), at.line,
                       at.column);
}

std::string excerpt(const Span& span, const SourceManager& sources, const TextStyle& style,
                    const Mark& mark) {
    const Palette palette = palette_of(style);
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
    std::string marks(std::max<std::size_t>(display_width(under), 1),
                      mark.sign == '^' ? '~' : mark.sign);
    marks[0] = mark.sign;
    std::string out = fmt::format("{}{} |{} {}{}{}\n", palette.dim, number, palette.reset, lead,
                                  visible(window), tail);
    out += fmt::format("{}{} |{} {}{}{}{}{}{}\n", palette.dim, std::string(number.size(), ' '),
                       palette.reset, std::string(lead.size() + display_width(before), ' '),
                       mark.color, marks, mark.text.empty() ? "" : " ", mark.text, palette.reset);
    return out;
}

void append_trail(std::string& out, const std::vector<Span>& trail, const SourceManager& sources,
                  const TextStyle& style) {
    const Palette palette = palette_of(style);
    const std::size_t shown = std::min(trail.size(), max_trail_shown);
    for (std::size_t i = 0; i < shown; ++i) {
        out += fmt::format("{}      = included from {}{}\n", palette.dim,
                           place_text(trail[i], sources, style), palette.reset);
    }
    if (shown < trail.size()) {
        out += fmt::format("{}      = and {} more{}\n", palette.dim, trail.size() - shown,
                           palette.reset);
    }
}

void append_label(std::string& out, const Label& label, FileId shown, const SourceManager& sources,
                  const TextStyle& style) {
    if (label.span.file != shown || !label.trail.empty()) {
        append_file(out, label, sources, style);
    }
    const std::string text = visible(label.text);
    out += excerpt(label.span, sources, style,
                   {.color = palette_of(style).info, .sign = '-', .text = text});
}

} // namespace upstream_lint
