#include "config/setters.hpp"

#include <cstddef>
#include <doctest/doctest.h>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Names = std::set<std::string>;

/// One that a configure option of nginx builds.
bool is_own(ModuleId module) {
    const std::string_view built = module_rows()[module.value].built;
    return !built.empty() && built != "-" && built != "plus";
}

std::string entry(std::string_view directive, std::string_view module) {
    return std::string(directive) + " of " + std::string(module);
}

Names unchecked() {
    Names names;
    for (const DirectiveRow& row : directive_rows()) {
        if (is_own(row.module) && setter_of(row) == nullptr) {
            names.insert(entry(row.name, module_name(row.module)));
        }
    }
    return names;
}

/// By other modules: how many of their directives.
std::map<std::string, std::size_t> unchecked_elsewhere() {
    std::map<std::string, std::size_t> counts;
    for (const DirectiveRow& row : directive_rows()) {
        if (!is_own(row.module) && setter_of(row) == nullptr) {
            ++counts[std::string(module_name(row.module))];
        }
    }
    return counts;
}

/// What stands between backquotes.
std::vector<std::string> quoted(const std::string& line) {
    std::vector<std::string> words;
    std::size_t begin = line.find('`');
    while (begin != std::string::npos) {
        const std::size_t end = line.find('`', begin + 1);
        if (end == std::string::npos) {
            break;
        }
        words.push_back(line.substr(begin + 1, end - begin - 1));
        begin = line.find('`', end + 1);
    }
    return words;
}

/// The table of other modules.
std::map<std::string, std::size_t> documented_elsewhere() {
    std::ifstream file(UPSTREAM_LINT_SOURCE_DIR "/docs/unchecked-values.md");
    REQUIRE(file);
    std::map<std::string, std::size_t> counts;
    bool is_inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) {
            is_inside = line == "## Other modules";
        }
        if (is_inside && line.starts_with("| `")) {
            const std::size_t number = line.rfind("| ", line.size() - 2) + 2;
            counts[quoted(line).at(0)] = std::stoul(line.substr(number));
        }
    }
    return counts;
}

/// The table of nginx's own modules.
Names documented() {
    std::ifstream file(UPSTREAM_LINT_SOURCE_DIR "/docs/unchecked-values.md");
    REQUIRE(file);
    Names names;
    bool is_inside = false;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("## ")) {
            is_inside = line == "## nginx's own modules";
        }
        const std::vector<std::string> words = quoted(line);
        if (is_inside && line.starts_with("| `") && words.size() >= 2) {
            names.insert(entry(words[0], words[1]));
        }
    }
    return names;
}

TEST_CASE("directives of nginx whose values are not looked at stand in the document") {
    const Names said = documented();
    for (const std::string& name : unchecked()) {
        INFO(name);
        CHECK(said.contains(name));
    }
}

TEST_CASE("the document names no directive whose values are looked at") {
    const Names real = unchecked();
    for (const std::string& name : documented()) {
        INFO(name);
        CHECK(real.contains(name));
    }
}

TEST_CASE("the document counts the others' directives whose values are not looked at") {
    const auto said = documented_elsewhere();
    const auto real = unchecked_elsewhere();
    for (const auto& entry : real) {
        const auto& [module, count] = entry;
        INFO(entry.first);
        CHECK((said.contains(module) ? said.at(module) : 0) == count);
    }
    for (const auto& entry : said) {
        const auto& [module, count] = entry;
        INFO(entry.first);
        CHECK(real.contains(module));
    }
}

} // namespace
} // namespace upstream_lint
