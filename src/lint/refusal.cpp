#include "lint/refusal.hpp"

#include "upstream_lint/rule.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace upstream_lint {

namespace {

/// Refusals that have a rule of their own, by what nginx says.
struct Refusal {
    std::string_view begins;
    std::string_view contains;
    std::string_view rule;
};

constexpr std::string_view any_refusal = "refused-by-nginx";
constexpr std::string_view template_not_rendered = "template-not-rendered";
constexpr std::string_view buffer_sizes = "buffer-sizes-inconsistent";
constexpr std::string_view resolve_prerequisites = "resolve-prerequisites";
constexpr std::string_view resolver_config = "resolver-config-invalid";

constexpr std::array refusals = {
    Refusal{"no servers in upstream \"", {}, "only-backup-peers"},
    Refusal{"no servers are inside upstream", {}, "empty-upstream"},
    Refusal{"upstream \"", "\" may not have port ", "upstream-name-with-port"},
    Refusal{{}, " in the unix domain socket in upstream \"", "unix-target-shape"},
    Refusal{"no host in upstream \"", {}, template_not_rendered},
    Refusal{"there must be at least 2 \"", "_buffers\"", buffer_sizes},
    Refusal{{}, "_busy_buffers_size\" must be ", buffer_sizes},
    Refusal{{}, "_temp_file_write_size\" must be ", buffer_sizes},
    Refusal{{}, "_max_temp_file_size\" must be ", buffer_sizes},
    Refusal{"resolving names at run time requires upstream \"", {}, resolve_prerequisites},
    Refusal{"no resolver defined to resolve names at run time", {}, resolve_prerequisites},
    Refusal{"invalid parameter \"resolve\"", {}, resolve_prerequisites},
    Refusal{{}, " in resolver \"", resolver_config},
    Refusal{"no name servers defined", {}, resolver_config},
};

constexpr char to_upper(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Whether a variable is written as templates have them: `${BACKEND_HOST}`, `$BACKEND_HOST`. nginx
/// prints its name in lower case.
bool is_of_template(const Config& config, const Diagnostic& diagnostic) {
    constexpr std::string_view begins = "unknown \"";
    constexpr std::string_view ends = "\" variable";
    const std::string_view message = diagnostic.message;
    if (!message.starts_with(begins) || !message.ends_with(ends) ||
        diagnostic.span.file.is_none()) {
        return false;
    }
    std::string name(message.substr(begins.size(), message.size() - begins.size() - ends.size()));
    std::ranges::transform(name, name.begin(), to_upper);
    const std::string_view written = config.sources().text(diagnostic.span);
    const bool has_letter = std::ranges::any_of(name, [](char c) { return c >= 'A' && c <= 'Z'; });
    return has_letter && (written.find("${" + name + "}") != std::string_view::npos ||
                          written.find("$" + name) != std::string_view::npos);
}

std::string_view rule_of(const Config& config, const Diagnostic& diagnostic) {
    if (is_of_template(config, diagnostic)) {
        return template_not_rendered;
    }
    const std::string_view message = diagnostic.message;
    const auto found = std::ranges::find_if(refusals, [&](const Refusal& refusal) {
        return message.starts_with(refusal.begins) &&
               message.find(refusal.contains) != std::string_view::npos;
    });
    return found == refusals.end() ? any_refusal : found->rule;
}

Finding finding_of(const Config& config, const Diagnostic& diagnostic) {
    Finding finding;
    finding.verdict = diagnostic.verdict;
    finding.rule = rule_of(config, diagnostic);
    finding.severity = finding.verdict == Verdict::unknown ? Severity::info : Severity::error;
    finding.message = diagnostic.message;
    if (!diagnostic.span.file.is_none()) {
        finding.places.push_back({.span = diagnostic.span, .trail = diagnostic.trail});
    }
    finding.labels = diagnostic.labels;
    finding.notes = diagnostic.notes;
    return finding;
}

} // namespace

std::vector<Finding> refusals_of(const Config& config) {
    std::vector<Finding> findings;
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        if (diagnostic.level != Level::warn && diagnostic.verdict != Verdict::satisfied) {
            findings.push_back(finding_of(config, diagnostic));
        }
    }
    return findings;
}

} // namespace upstream_lint
