// Bytes to tree, against a tokenizer written by hand that only counts.

#include "generate_configuration.hpp"
#include "hand_tokenizer.hpp"
#include "measure.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstdio>
#include <string>

namespace upstream_lint::bench {
namespace {

constexpr int rounds = 15;

TokenCounts counts_of(const SyntaxTree& tree) {
    TokenCounts counts;
    counts.words = tree.words().size();
    for (const Node& node : tree.nodes()) {
        if (node.kind == NodeKind::simple)
            ++counts.semicolons;
        if (node.kind != NodeKind::block)
            continue;
        ++counts.opening_braces;
        counts.closing_braces += node.close != tree.bytes().size() ? 1U : 0U;
    }
    return counts;
}

/// False when the two do not see the same tokens: nothing can be compared then.
bool measure(Report& report, const char* name, const GeneratorOptions& options) {
    const std::string text = generate_main_file(options);
    const TokenCounts counts = count_tokens(text);
    const SyntaxTree tree = parse(text);
    if (counts != counts_of(tree) || !tree.errors().empty()) {
        std::fprintf(stderr, "%s: tokenizer and tree do not agree\n", name);
        return false;
    }
    // several passes in one measurement where one would be too short for the clock
    const std::size_t passes = 1 + 20'000'000 / text.size();
    const auto tokenize = [&] {
        for (std::size_t i = 0; i < passes; ++i)
            keep(count_tokens(text).words);
    };
    const auto build = [&] {
        for (std::size_t i = 0; i < passes; ++i)
            keep(parse(text).words().size());
    };
    const Best best = take_turns(
        rounds, [&] { return time_of(cpu_seconds, tokenize); },
        [&] { return time_of(cpu_seconds, build); });
    report.at_least(std::string("tree / tokenizer, speed, ") + name, 100 * best.ratio(), 60, 80,
                    "%");
    const double megabytes = static_cast<double>(text.size() * passes) / 1e6;
    const std::size_t tree_bytes = tree.nodes().size_bytes() + tree.words().size_bytes();
    char line[160];
    std::snprintf(
        line, sizeof line, "%.1f MB; tokenizer %.0f MB/s, tree %.0f MB/s; tree %.2f bytes a byte",
        static_cast<double>(text.size()) / 1e6, megabytes / best.first, megabytes / best.second,
        static_cast<double>(tree_bytes) / static_cast<double>(text.size()));
    report.note("", line);
    return true;
}

int run(const Arguments& arguments) {
    const std::size_t servers = arguments.has("--quick") ? thousand_servers : large_servers;
    Report report;
    bool comparable = measure(report, "mixed", {.servers = servers});
    comparable &= measure(report, "minified", {.servers = servers, .style = Style::minified});
    return comparable ? report.status() : 1;
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
