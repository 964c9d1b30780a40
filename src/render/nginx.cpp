#include "upstream_lint/render.hpp"

#include <fmt/format.h>
#include <vector>

namespace upstream_lint {

namespace {

std::string unknown_line(const Diagnostic& diagnostic) {
    return fmt::format("nginx-upstream-lint: not known: {}\n", diagnostic.message);
}

std::string accepted_text(const Config& config) {
    std::string text =
        fmt::format("nginx: the configuration file {} syntax is ok\n", config.main_name());
    text +=
        fmt::format("nginx-upstream-lint: read for nginx {}", to_string(config.build().version));
    if (config.context() != Context::main) {
        text += fmt::format(" as a file for `{}`{}", context_name(config.context()),
                            config.context_inferred() ? " (by what stands in it)" : "");
    }
    if (config.unjudged_directives() != 0) {
        text += fmt::format("; {} directives of modules not known here were passed over",
                            config.unjudged_directives());
    }
    if (config.warnings_left_out() != 0) {
        text += fmt::format("; {} more warnings", config.warnings_left_out());
    }
    text += "; not looked at: names, files other than includes, certificates, binding\n";
    return text;
}

} // namespace

std::string render_nginx_line(const Diagnostic& diagnostic, const SourceManager& sources) {
    std::string line =
        fmt::format("nginx: [{}] {}", level_name(diagnostic.level), diagnostic.message);
    if (!diagnostic.nginx_place.file.is_none()) {
        const Span& place = diagnostic.nginx_place;
        line += fmt::format(" in {}:{}", sources.name(place.file),
                            sources.line_column(place.file, place.begin).line);
    }
    return line;
}

std::string render_nginx(const Config& config) {
    std::string text;
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        if (diagnostic.verdict == Verdict::unknown) {
            text += unknown_line(diagnostic);
            continue;
        }
        text += render_nginx_line(diagnostic, config.sources()) + "\n";
        if (diagnostic.level != Level::warn) {
            break;
        }
    }
    return text + render_verdict(config);
}

std::string render_verdict(const Config& config) {
    switch (config.verdict()) {
    case Verdict::violated:
        return fmt::format("nginx: configuration file {} test failed\n", config.main_name());
    case Verdict::satisfied:
        return accepted_text(config);
    default:
        return {};
    }
}

} // namespace upstream_lint
