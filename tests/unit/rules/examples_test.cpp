#include "support/main_name.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/rule.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>
#include <string>

namespace upstream_lint::test {

namespace {

/// What `check` says of an example, above `info`.
std::set<std::string> found_in(const RuleExample& example) {
    Snapshot facts;
    if (!example.facts.empty()) {
        auto parsed = parse_snapshot(example.facts, "facts.json");
        REQUIRE_MESSAGE(parsed, describe(parsed.error()));
        facts = std::move(parsed).value();
    }
    MemoryFileSystem files;
    files.add(main_name, std::string(example.conf));
    LoadOptions options;
    options.keep_blocks = true;
    const Config config = load_config(files, main_name, options);
    const auto model = build_model(config);
    const Report report = model ? check(*model, plan_check(*model), facts) : check_unread(config);
    std::set<std::string> rules;
    for (const Finding& finding : report.findings) {
        if (finding.severity != Severity::info) {
            rules.emplace(finding.rule);
        }
    }
    return rules;
}

std::string joined(const std::set<std::string>& rules) {
    std::string text;
    for (const std::string& rule : rules) {
        text += (text.empty() ? "" : " ") + rule;
    }
    return text;
}

} // namespace

TEST_CASE("each rule finds its bad example, and nothing else does") {
    for (const RuleInfo* const rule : all_rules()) {
        CAPTURE(rule->id);
        const bool is_info = severity_of(rule->impact, rule->confidence) == Severity::info;
        const std::set<std::string> wanted =
            is_info ? std::set<std::string>() : std::set{std::string(rule->id)};
        std::set<std::string> found = found_in(rule->bad);
        if (rule->is_consequence) {
            CHECK(found.size() > 1);
            std::erase_if(found, [&](const std::string& id) { return id != rule->id; });
        }
        CHECK(joined(found) == joined(wanted));
    }
}

TEST_CASE("no rule finds a good example") {
    for (const RuleInfo* const rule : all_rules()) {
        CAPTURE(rule->id);
        CHECK(joined(found_in(rule->good)) == "");
    }
}

TEST_CASE("rules have names and texts of their own") {
    std::set<std::string_view> ids;
    for (const RuleInfo* const rule : all_rules()) {
        CAPTURE(rule->id);
        CHECK(ids.insert(rule->id).second);
        CHECK(rule->id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
              std::string_view::npos);
        CHECK(!rule->summary.ends_with('.'));
        CHECK(rule->explanation.ends_with('\n'));
        CHECK(find_rule(rule->id) == rule);
    }
    CHECK(find_rule("no-such-rule") == nullptr);
}

} // namespace upstream_lint::test
