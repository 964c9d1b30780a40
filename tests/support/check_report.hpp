#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {

/// What `check --format json` printed, and what tests ask of it.
class CheckReport {
public:
    /// Runs `command` with these options, behind the words `before` if there are any (setpriv).
    /// Throws std::runtime_error with what was printed where that is no report.
    static CheckReport of(const std::string& command, const std::vector<std::string>& options,
                          const std::vector<std::string>& before = {});

    [[nodiscard]] const nlohmann::json& document() const { return document_; }

    /// The rules that find something in a line of the configuration; hints do not count.
    [[nodiscard]] std::set<std::string> rules_at(int line) const;

    /// Likewise, of hints alone.
    [[nodiscard]] std::set<std::string> hints_at(int line) const;

    /// Of the target in that line; "none": there is no target.
    [[nodiscard]] std::string verdict_at(int line) const;

    /// Without what differs from one moment to the next, or between live facts and a snapshot.
    [[nodiscard]] nlohmann::json comparable() const;

private:
    explicit CheckReport(nlohmann::json document) : document_(std::move(document)) {}

    [[nodiscard]] std::set<std::string> rules_of(int line, bool are_hints) const;

    nlohmann::json document_;
};

/// For messages of tests: the words in one line.
[[nodiscard]] std::string joined(const std::set<std::string>& words);

/// The line of a file that begins with a text; 0: none does.
[[nodiscard]] int line_beginning(const std::string& path, std::string_view beginning);

} // namespace upstream_lint::test
