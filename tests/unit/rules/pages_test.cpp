#include "upstream_lint/rule.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace upstream_lint::test {

namespace {

namespace fs = std::filesystem;

const fs::path source_folder = UPSTREAM_LINT_SOURCE_DIR;

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// With UPSTREAM_LINT_UPDATE set the page is written instead.
void compare_page(const std::string& name, const std::string& text) {
    const fs::path path = source_folder / "docs" / "rules" / name;
    if (std::getenv("UPSTREAM_LINT_UPDATE") != nullptr) {
        fs::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << text;
    }
    CAPTURE(name);
    CHECK(text_of(path) == text);
}

std::string folder_of(std::string_view rule) {
    std::string name = "check_" + std::string(rule);
    std::ranges::replace(name, '-', '_');
    return name;
}

/// With UPSTREAM_LINT_UPDATE set a case that is missing is made of a rule's example.
void provide_case(const fs::path& folder, const RuleExample& example) {
    if (std::getenv("UPSTREAM_LINT_UPDATE") == nullptr || fs::exists(folder)) {
        return;
    }
    fs::create_directories(folder);
    std::ofstream(folder / "nginx.conf", std::ios::binary) << example.conf;
    if (!example.facts.empty()) {
        std::ofstream(folder / "facts.json", std::ios::binary) << example.facts;
    }
}

} // namespace

TEST_CASE("docs/rules holds the page of each rule and nothing else") {
    std::set<std::string> expected{"README.md", "CAUSES-WITHOUT-RULE.md"};
    compare_page("CAUSES-WITHOUT-RULE.md", open_causes_page());
    for (const RuleInfo* const rule : all_rules()) {
        const std::string name = std::string(rule->id) + ".md";
        compare_page(name, rule_page(*rule));
        expected.insert(name);
    }
    compare_page("README.md", rule_list_page());
    std::set<std::string> found;
    for (const auto& entry : fs::directory_iterator(source_folder / "docs" / "rules")) {
        found.insert(entry.path().filename().string());
    }
    CHECK(found == expected);
}

TEST_CASE("each rule has golden cases with and without its finding") {
    for (const RuleInfo* const rule : all_rules()) {
        const fs::path golden = source_folder / "tests" / "golden";
        const std::string folder = folder_of(rule->id);
        CAPTURE(folder);
        provide_case(golden / folder, rule->bad);
        provide_case(golden / (folder + "_ok"), rule->good);
        const std::string mark = "\"rule\": \"" + std::string(rule->id) + "\"";
        CHECK(text_of(golden / folder / "check.json").find(mark) != std::string::npos);
        const std::string silent = text_of(golden / (folder + "_ok") / "check.json");
        CHECK(!silent.empty());
        CHECK(silent.find(mark) == std::string::npos);
    }
}

TEST_CASE("each cause of the catalogue is a rule, or is said to be none") {
    constexpr std::string_view groups = "ABCDEFGHIJKLMN";
    constexpr int sizes[] = {22, 13, 14, 13, 27, 20, 8, 11, 15, 3, 9, 11, 8, 9};
    std::multiset<std::string> known;
    for (const RuleInfo* const rule : all_rules()) {
        known.insert(std::string(rule->catalogue));
    }
    for (const OpenCause& cause : open_causes()) {
        CHECK(find_rule(cause.name) == nullptr);
        CHECK(!cause.reason.empty());
        known.insert(std::string(cause.catalogue));
    }
    known.erase("");
    for (std::size_t group = 0; group < groups.size(); ++group) {
        for (int number = 1; number <= sizes[group]; ++number) {
            const std::string cause = fmt::format("{}{:02}", groups[group], number);
            CAPTURE(cause);
            CHECK(known.count(cause) == 1);
            known.erase(cause);
        }
    }
    CHECK(known.empty());
}

} // namespace upstream_lint::test
