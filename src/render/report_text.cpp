#include "render/excerpt.hpp"
#include "render/palette.hpp"
#include "upstream_lint/render_report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::size_t max_places = 8;
constexpr std::size_t max_evidence = 6;

std::string_view word_of(const Finding& finding) {
    return finding.verdict == Verdict::unknown ? "unknown" : severity_name(finding.severity);
}

std::string_view color_of(const Finding& finding, const Palette& palette) {
    if (finding.verdict == Verdict::unknown || finding.severity == Severity::info) {
        return palette.info;
    }
    return finding.severity == Severity::error ? palette.error : palette.warning;
}

/// `1 error`, `2 errors`.
std::string counted(std::size_t number, std::string_view noun) {
    return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

/// Of one configuration.
class Section {
public:
    Section(const CheckedConfig& checked, const ReportStyle& style) :
        checked_(checked), style_(style), palette_(palette_of(style.text)) {}

    std::string text() {
        for (const Finding& finding : checked_.report->findings) {
            if (finding.verdict != Verdict::unknown || style_.show_unknown) {
                add(finding);
            }
        }
        if (style_.show_unknown) {
            add_unknown_targets();
        }
        add_summary();
        return std::move(out_);
    }

private:
    [[nodiscard]] const SourceManager& sources() const { return *checked_.sources; }

    void add(const Finding& finding) {
        const std::string_view color = color_of(finding, palette_);
        if (!finding.places.empty()) {
            out_ += fmt::format("{}{}:{} ", palette_.strong,
                                place_text(finding.places.front().span, sources(), style_.text),
                                palette_.reset);
        }
        out_ += fmt::format("{}{}:{} {}{}{} {}[{}{}]{}\n", color, word_of(finding), palette_.reset,
                            palette_.strong, visible(finding.message), palette_.reset, palette_.dim,
                            finding.rule,
                            finding.confidence == Confidence::proven
                                ? ""
                                : fmt::format(", {}", confidence_name(finding.confidence)),
                            palette_.reset);
        add_places(finding, color);
        for (const Label& label : finding.labels) {
            append_label(out_, label, shown_file(finding), sources(), style_.text);
        }
        add_urls(finding);
        add_evidence(finding);
        for (const std::string& note : finding.notes) {
            add_line("=", visible(note));
        }
        if (finding.fix) {
            add_line("fix:", visible(finding.fix->title));
        }
        add_command("repair:", finding.command);
        add_command("verify:", finding.verify);
        out_ += '\n';
    }

    static FileId shown_file(const Finding& finding) {
        return finding.places.empty() ? FileId() : finding.places.front().span.file;
    }

    void add_line(std::string_view sign, std::string_view text) {
        out_ += fmt::format("      {}{}{} {}\n", palette_.dim, sign, palette_.reset, text);
    }

    void add_command(std::string_view sign, const std::string& command) {
        if (!command.empty()) {
            add_line(sign,
                     fmt::format("{}{}{}", palette_.strong, visible(command), palette_.reset));
        }
    }

    void add_places(const Finding& finding, std::string_view color) {
        if (finding.places.empty()) {
            return;
        }
        out_ += excerpt(finding.places.front().span, sources(), style_.text, {.color = color});
        append_trail(out_, finding.places.front().trail, sources(), style_.text);
        std::string others;
        const std::size_t shown = std::min(finding.places.size(), max_places + 1);
        for (std::size_t i = 1; i < shown; ++i) {
            others += (others.empty() ? "" : ", ") +
                      place_text(finding.places[i].span, sources(), style_.text);
        }
        if (shown < finding.places.size()) {
            others += fmt::format(" and {} more places", finding.places.size() - shown);
        }
        if (!others.empty()) {
            add_line("= the same at", others);
        }
    }

    void add_urls(const Finding& finding) {
        if (!finding.urls.empty()) {
            std::string urls;
            for (const std::string& url : finding.urls) {
                urls += (urls.empty() ? "" : " ") + visible(url);
            }
            add_line("= breaks", urls);
        }
    }

    void add_evidence(const Finding& finding) {
        const std::size_t shown = std::min(finding.evidence.size(), max_evidence);
        for (std::size_t i = 0; i < shown; ++i) {
            const Evidence& evidence = finding.evidence[i];
            add_line("= seen:",
                     fmt::format("{}: {}{}", visible(evidence.fact), visible(evidence.value),
                                 evidence.source.empty()
                                     ? ""
                                     : fmt::format(" ({})", visible(evidence.source))));
        }
        if (shown < finding.evidence.size()) {
            add_line("=", fmt::format("and {} more facts", finding.evidence.size() - shown));
        }
    }

    void add_unknown_targets() {
        for (const TargetVerdict& target : checked_.report->targets) {
            if (target.verdict != Verdict::unknown) {
                continue;
            }
            const std::string where =
                target.places.empty()
                    ? std::string()
                    : place_text(target.places.front().span, sources(), style_.text) + ": ";
            out_ += fmt::format("{}{}{}{}unknown:{} {}: {}\n", palette_.strong, where,
                                palette_.reset, palette_.info, palette_.reset,
                                visible(target.target), visible(target.reason));
        }
    }

    [[nodiscard]] std::size_t count(Verdict verdict) const {
        return static_cast<std::size_t>(
            std::ranges::count(checked_.report->targets, verdict, &TargetVerdict::verdict));
    }

    [[nodiscard]] std::size_t count(Severity severity) const {
        return static_cast<std::size_t>(
            std::ranges::count_if(checked_.report->findings, [&](const Finding& finding) {
                return finding.verdict == Verdict::violated && finding.severity == severity;
            }));
    }

    void add_summary() {
        const Report& report = *checked_.report;
        const std::size_t unknown = count(Verdict::unknown);
        out_ += fmt::format(
            "{}{}:{} {}, {}; {}: {} verified, {} violated, {} unknown\n", palette_.strong,
            visible(checked_.name), palette_.reset, counted(count(Severity::error), "error"),
            counted(count(Severity::warning), "warning"), counted(report.targets.size(), "target"),
            count(Verdict::satisfied), count(Verdict::violated), unknown);
        if (!checked_.note.empty()) {
            out_ += fmt::format("{}\n", visible(checked_.note));
        }
        if (unknown != 0 && !style_.show_unknown) {
            out_ += "what is unknown, and why: --show-unknown\n";
        }
        if (report.left_to_probes != 0) {
            out_ += fmt::format("{} of them a connection would tell of: --probe connect\n",
                                report.left_to_probes);
        }
        add_coverage();
    }

    void add_coverage() {
        std::string read;
        std::string unread;
        for (const Coverage& coverage : checked_.report->coverage) {
            if (coverage.status == "ok") {
                read += (read.empty() ? "" : ", ") + coverage.source;
                continue;
            }
            unread += fmt::format(
                "{}{} {}{}", unread.empty() ? "" : ", ", coverage.source, coverage.status,
                coverage.reason.empty() ? "" : fmt::format(" ({})", visible(coverage.reason)));
        }
        out_ += read.empty() ? "facts: none were read\n" : fmt::format("facts read: {}\n", read);
        if (!unread.empty()) {
            out_ += fmt::format("not, or in part: {}\n", unread);
        }
    }

    const CheckedConfig& checked_;
    const ReportStyle& style_;
    Palette palette_;
    std::string out_;
};

} // namespace

std::string render_report_text(std::span<const CheckedConfig> checked, const ReportStyle& style) {
    std::string out;
    for (const CheckedConfig& config : checked) {
        out += out.empty() ? "" : "\n";
        out += Section(config, style).text();
    }
    return out;
}

std::string render_report_gcc(std::span<const CheckedConfig> checked, const ReportStyle& style) {
    std::string out;
    for (const CheckedConfig& config : checked) {
        for (const Finding& finding : config.report->findings) {
            if (finding.verdict == Verdict::unknown && !style.show_unknown) {
                continue;
            }
            const std::string where =
                finding.places.empty()
                    ? std::string("nginx-upstream-lint")
                    : place_text(finding.places.front().span, *config.sources, style.text);
            const std::string_view word =
                finding.verdict == Verdict::unknown || finding.severity == Severity::info
                    ? "note"
                    : severity_name(finding.severity);
            out += fmt::format("{}: {}: {} [{}]\n", where, word, visible(finding.message),
                               finding.rule);
        }
    }
    return out;
}

} // namespace upstream_lint
