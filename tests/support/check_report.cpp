#include "support/check_report.hpp"

#include "support/process.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <stdexcept>

namespace upstream_lint::test {

using nlohmann::json;

CheckReport CheckReport::of(const std::string& command, const std::vector<std::string>& options,
                            const std::vector<std::string>& before) {
    std::vector<std::string> words = before;
    words.insert(words.end(), {command, "check", "--format", "json"});
    words.insert(words.end(), options.begin(), options.end());
    const auto result = testing::run_process(words);
    json report = json::parse(result.out, nullptr, false);
    if (report.is_discarded() || !report.is_object()) {
        throw std::runtime_error(fmt::format("check printed no report ({}): {}{}", result.status,
                                             result.out, result.err));
    }
    return CheckReport(std::move(report));
}

std::set<std::string> CheckReport::rules_of(int line, bool are_hints) const {
    std::set<std::string> rules;
    for (const json& finding : document_["findings"]) {
        for (const json& place : finding["places"]) {
            if (place["line"] == line && (finding["severity"] == "info") == are_hints) {
                rules.insert(finding["rule"]);
            }
        }
    }
    return rules;
}

std::set<std::string> CheckReport::rules_at(int line) const {
    return rules_of(line, false);
}

std::set<std::string> CheckReport::hints_at(int line) const {
    return rules_of(line, true);
}

std::string CheckReport::verdict_at(int line) const {
    for (const json& target : document_["targets"]) {
        for (const json& place : target["places"]) {
            if (place["line"] == line) {
                return target["verdict"];
            }
        }
    }
    return "none";
}

json CheckReport::comparable() const {
    json report = document_;
    for (const char* part : {"findings", "targets"}) {
        for (json& entry : report[part]) {
            for (json& evidence : entry[part == std::string("findings") ? "evidence" : "facts"]) {
                evidence.erase("time");
            }
        }
    }
    report.erase("configs");
    return report;
}

std::string joined(const std::set<std::string>& words) {
    return fmt::format("{}", fmt::join(words, " "));
}

int line_beginning(const std::string& path, std::string_view beginning) {
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
        ++number;
        if (line.starts_with(beginning)) {
            return number;
        }
    }
    return 0;
}

} // namespace upstream_lint::test
