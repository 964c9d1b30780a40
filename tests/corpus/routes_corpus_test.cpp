// Lists the ways of all configurations of a corpus that nginx takes: each example has to get where
// it is said to get, and none may take long.
// usage: routes_corpus_test [CORPUS]; without it the folder named by UPSTREAM_LINT_CORPUS, else the
// one beside the source tree. Ends with 77 where there is none.

#include "builds.hpp"
#include "corpus_files.hpp"
#include "corpus_row.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/render_routes.hpp"
#include "upstream_lint/resolution.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <map>
#include <optional>
#include <string>

namespace upstream_lint::corpus {

namespace {

constexpr double max_seconds = 60;

/// Whether a request, or one that nginx makes beside it, ends at a location.
bool gets_to(const Answer& answer, const Route& route) {
    const auto is_end = [&](const auto& end) {
        return end.server == route.server && end.location == route.location &&
               end.block == route.block;
    };
    return is_end(answer) || std::ranges::any_of(answer.branches, is_end) ||
           std::ranges::any_of(
               answer.side, [&](const SideRequest& side) { return gets_to(*side.answer, route); });
}

bool has_step(const Answer& answer, DirectiveRef directive) {
    return std::ranges::any_of(answer.steps,
                               [&](const Step& step) { return step.directive == directive; });
}

class RoutesTest {
public:
    explicit RoutesTest(const CorpusFiles& files) : files_(files) {}

    void check(const CorpusRow& row, const NginxBuild& build) {
        const CorpusFiles::Case prepared = files_.prepare(row, 0);
        const OverlayFileSystem view(prepared.files, files_.files());
        LoadOptions options;
        options.build = build;
        options.context = Context::main;
        options.keep_blocks = true;
        const auto model = build_model(load_config(view, prepared.main_file, options));
        if (!model) {
            ++without_model_;
            return;
        }
        ++models_;
        const auto begun = std::chrono::steady_clock::now();
        RouteListOptions wanted;
        wanted.patterns = true;
        const RouteList list = find_routes(*model, wanted);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        if (render_routes_json(list, *model, {}, {}).empty())
            fail(row, "no document");
        if (took.count() > slowest_) {
            slowest_ = took.count();
            slowest_name_ = row.path;
        }
        if (took.count() > max_seconds)
            fail(row, "took " + std::to_string(took.count()) + " s");
        check(row, *model, list);
    }

    [[nodiscard]] std::size_t failures() const noexcept { return failures_; }

    void report() const {
        constexpr std::array<const char*, 4> words = {"reached", "internal", "never", "unknown"};
        std::cout << models_ << " configurations, " << without_model_
                  << " that this reading does not take\n";
        for (std::size_t i = 0; i < words.size(); ++i)
            std::cout << "  " << words[i] << ": " << counts_[i] << " ways\n";
        for (const auto& [why, count] : reasons_)
            std::cout << "    " << count << "  " << why << '\n';
        std::cout << examples_ << " examples, slowest " << slowest_ << " s: " << slowest_name_
                  << '\n';
    }

private:
    void check(const CorpusRow& row, const Model& model, const RouteList& list) {
        Router router(model);
        for (const Route& route : list.routes) {
            ++counts_[static_cast<std::size_t>(route.reach)];
            if (route.reach == Reach::unknown)
                ++reasons_[route.why];
            if (!route.example)
                continue;
            ++examples_;
            const Answer answer = router.route(route.example->request);
            // where only part of the requests send one beside them, the answer has none
            const bool is_sent_beside = !route.why.empty() && !route.because.empty();
            if (!gets_to(answer, route) && !has_step(answer, route.pass) && !is_sent_beside)
                fail(row, route.example->request.url + " does not get to a " +
                              std::to_string(static_cast<int>(route.kind)));
        }
    }

    void fail(const CorpusRow& row, const std::string& problem) {
        ++failures_;
        std::cout << "FAILED " << row.path << " (" << row.wrapper << "): " << problem << '\n';
    }

    const CorpusFiles& files_;
    std::size_t models_ = 0;
    std::size_t without_model_ = 0;
    std::array<std::size_t, 4> counts_{};
    std::map<std::string, std::size_t> reasons_;
    std::size_t examples_ = 0;
    std::size_t failures_ = 0;
    double slowest_ = 0;
    std::string slowest_name_;
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
    RoutesTest test(files);
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
        std::cerr << "routes_corpus_test: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
