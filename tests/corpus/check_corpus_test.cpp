// Checks all configurations of a corpus that nginx takes, with nothing known of a host: what is
// wrong then has to be in the text. Prints how often each rule finds something.
// usage: check_corpus_test [CORPUS [RULE]]; with RULE each of its findings is printed. Without
// CORPUS the folder named by UPSTREAM_LINT_CORPUS, else the one beside the source tree. Ends with
// 77 where there is none.

#include "builds.hpp"
#include "corpus_files.hpp"
#include "corpus_row.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/lint.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/rule.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <string>

namespace upstream_lint::corpus {

namespace {

/// Rules that a configuration alone proves: nothing of the host can make it right. The names that
/// have no `resolver` are those of stand-ins for files that the corpus leaves out, or of snippets.
constexpr std::array<std::string_view, 2> proven_by_text = {"all-peers-down", "no-resolver"};

bool is_proven_by_text(std::string_view rule) {
    return std::ranges::find(proven_by_text, rule) != proven_by_text.end();
}

class CheckTest {
public:
    CheckTest(const CorpusFiles& files, std::string shown) :
        files_(files), shown_(std::move(shown)) {}

    void check(const CorpusRow& row, const NginxBuild& build) {
        const CorpusFiles::Case prepared = files_.prepare(row, 0);
        const OverlayFileSystem view(prepared.files, files_.files());
        LoadOptions options;
        options.build = build;
        options.context = Context::main;
        options.keep_blocks = true;
        const auto model = build_model(load_config(view, prepared.main_file, options));
        if (!model)
            return;
        ++models_;
        const CheckPlan plan = plan_check(*model);
        compare(row, *model, upstream_lint::check(*model, plan, Snapshot{}));
    }

    [[nodiscard]] std::size_t failures() const noexcept { return failures_; }

    void report() const {
        std::cout << models_ << " configurations, " << targets_ << " targets\n";
        for (const auto& [rule, counts] : counts_)
            std::cout << "  " << rule << ": " << counts[2] << " errors, " << counts[1]
                      << " warnings, " << counts[0] << " infos\n";
    }

private:
    void compare(const CorpusRow& row, const Model& model, const Report& report) {
        targets_ += report.targets.size();
        for (const Finding& finding : report.findings) {
            ++counts_[std::string(finding.rule)][static_cast<std::size_t>(finding.severity)];
            if (finding.rule == shown_)
                show(row, model, finding);
            if (finding.severity == Severity::error && !is_proven_by_text(finding.rule))
                fail(row, finding);
        }
    }

    static void show(const CorpusRow& row, const Model& model, const Finding& finding) {
        std::cout << row.path;
        if (!finding.places.empty()) {
            const Span span = finding.places.front().span;
            std::cout << ':' << model.config().sources().line_column(span.file, span.begin).line;
        }
        std::cout << ": " << finding.message << '\n';
    }

    void fail(const CorpusRow& row, const Finding& finding) {
        ++failures_;
        std::cout << "FAILED " << row.path << " (" << row.wrapper << "): " << finding.rule << ": "
                  << finding.message << '\n';
    }

    const CorpusFiles& files_;
    std::string shown_;
    std::size_t models_ = 0;
    std::size_t targets_ = 0;
    std::size_t failures_ = 0;
    std::map<std::string, std::array<std::size_t, 3>> counts_; // by severity
};

int run(int count, char** words) {
    const auto folder = find_corpus(count, words);
    const auto build = debian_12_build();
    if (!folder || !build) {
        std::cout
            << "skipped: no corpus of configurations is here (UPSTREAM_LINT_CORPUS names it)\n";
        return skipped;
    }
    const CorpusFiles files(*folder);
    CheckTest test(files, count > 2 ? words[2] : "");
    const std::string table = read_text(*folder / "ground-truth.tsv");
    for (const CorpusRow& row : read_rows(table, corpus_root))
        if (row.kind == "ok")
            test.check(row, *build);
    test.report();
    return test.failures() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

} // namespace upstream_lint::corpus

int main(int count, char** words) {
    try {
        return upstream_lint::corpus::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "check_corpus_test: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
