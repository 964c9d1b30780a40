#include "upstream_lint/rule.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

std::string_view impact_text(Impact impact) {
    switch (impact) {
    case Impact::low:
        return "low: noise, or nothing yet";
    case Impact::med:
        return "medium: a share of requests fails";
    case Impact::high:
        return "high: a whole location fails";
    case Impact::crit:
        break;
    }
    return "critical: nginx does not start, or everything on the host fails";
}

std::string example_text(std::string_view heading, const RuleExample& example) {
    std::string text = fmt::format("\n## {}\n\n```nginx\n{}```\n", heading, example.conf);
    if (!example.facts.empty()) {
        text += fmt::format("\nwhere the facts are\n\n```json\n{}```\n", example.facts);
    }
    return text;
}

} // namespace

std::string_view rule_group_name(RuleGroup group) {
    switch (group) {
    case RuleGroup::configuration:
        return "configuration";
    case RuleGroup::unix_sockets:
        return "unix-sockets";
    case RuleGroup::listeners:
        return "listeners";
    case RuleGroup::names:
        return "names";
    case RuleGroup::containers:
        return "containers";
    case RuleGroup::permissions:
        return "permissions";
    case RuleGroup::tls:
        return "tls";
    case RuleGroup::protocols:
        break;
    }
    return "protocols";
}

Severity severity_of(Impact impact, Confidence confidence) {
    if (impact == Impact::low || confidence == Confidence::hint) {
        return Severity::info;
    }
    return impact != Impact::med && confidence == Confidence::proven ? Severity::error
                                                                     : Severity::warning;
}

std::string rule_list_page() {
    std::string page = "# Rules\n\nEach page is what `nginx-upstream-lint explain RULE` prints. "
                       "[CAUSES-WITHOUT-RULE.md](CAUSES-WITHOUT-RULE.md) lists what no rule "
                       "finds.\n\n"
                       "| rule | cause | at best | says that |\n|---|---|---|---|\n";
    for (const RuleInfo* const rule : all_rules()) {
        page +=
            fmt::format("| [{}]({}.md) | {} | {} | {} |\n", rule->id, rule->id,
                        rule->catalogue.empty() ? "-" : rule->catalogue,
                        severity_name(severity_of(rule->impact, rule->confidence)), rule->summary);
    }
    return page;
}

std::string rule_page(const RuleInfo& rule) {
    return fmt::format("# {}\n\n{}.\n\n- Group: {}\n- Impact: {}\n- At best {}, then {}\n\n{}{}{}",
                       rule.id, rule.summary, rule_group_name(rule.group), impact_text(rule.impact),
                       confidence_name(rule.confidence),
                       severity_name(severity_of(rule.impact, rule.confidence)), rule.explanation,
                       example_text("Found", rule.bad), example_text("Not found", rule.good));
}

} // namespace upstream_lint
