#include "render/excerpt.hpp"
#include "render/palette.hpp"
#include "upstream_lint/render.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

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

void append(std::string& out, const Diagnostic& diagnostic, const SourceManager& sources,
            const TextStyle& style) {
    const Palette palette = palette_of(style);
    const std::string_view color = severity_color(diagnostic, palette);
    const bool has_place = !diagnostic.span.file.is_none();
    if (has_place) {
        out += fmt::format("{}{}:{} ", palette.strong, place_text(diagnostic.span, sources, style),
                           palette.reset);
    }
    out += fmt::format("{}{}:{} {}{}{}\n", color, severity_word(diagnostic), palette.reset,
                       palette.strong, visible(diagnostic.message), palette.reset);
    if (has_place) {
        out += excerpt(diagnostic.span, sources, style, {.color = color});
    }
    for (const Label& label : diagnostic.labels) {
        append_label(out, label, diagnostic.span.file, sources, style);
    }
    for (const std::string& note : diagnostic.notes) {
        out += fmt::format("      {}={} {}\n", palette.dim, palette.reset, visible(note));
    }
    append_trail(out, diagnostic.trail, sources, style);
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
                                      : place_text(diagnostic.span, sources, style);
        const std::string_view word =
            diagnostic.verdict == Verdict::unknown && diagnostic.level != Level::warn
                ? "note"
                : severity_word(diagnostic);
        out += fmt::format("{}: {}: {}\n", where, word, visible(diagnostic.message));
    }
    return out;
}

} // namespace upstream_lint
