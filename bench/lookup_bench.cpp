// Finding a directive's rows by its name, against std::unordered_map.

#include "config/directive_table.hpp"
#include "generate_configuration.hpp"
#include "measure.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace upstream_lint::bench {
namespace {

constexpr int rounds = 15;
constexpr std::size_t passes = 20;

// In the order in which a configuration has them, which is what the branch predictor sees.
std::vector<std::string_view> names_of(const SyntaxTree& tree) {
    std::vector<std::string_view> names;
    for (std::uint32_t i = 0; i < tree.nodes().size(); ++i) {
        const std::string_view name = tree.raw_name(NodeId{i});
        if (!name.starts_with('/'))
            names.push_back(name);
    }
    return names;
}

int run(const Arguments& arguments) {
    const std::size_t servers = arguments.has("--quick") ? medium_servers : thousand_servers;
    const std::string text = generate_main_file({.servers = servers});
    const SyntaxTree tree = parse(text);
    const std::vector<std::string_view> names = names_of(tree);
    std::unordered_map<std::string_view, std::size_t> map;
    for (const std::string_view name : directive_names())
        map.emplace(name, find_directive(name).size());

    std::size_t map_sum = 0;
    std::size_t table_sum = 0;
    const auto in_map = [&] {
        for (std::size_t pass = 0; pass < passes; ++pass) {
            for (const std::string_view name : names) {
                const auto found = map.find(name);
                map_sum += found == map.end() ? 0 : found->second;
            }
        }
    };
    const auto in_table = [&] {
        for (std::size_t pass = 0; pass < passes; ++pass) {
            for (const std::string_view name : names)
                table_sum += find_directive(name).size();
        }
    };
    const Best best = take_turns(
        rounds, [&] { return time_of(cpu_seconds, in_map); },
        [&] { return time_of(cpu_seconds, in_table); });
    if (map_sum != table_sum) {
        std::fprintf(stderr, "map and table do not find the same\n");
        return 1;
    }
    Report report;
    report.at_least("find_directive / unordered_map, speed", best.ratio(), 1, 1.5, "times");
    char line[80];
    const auto look_ups = static_cast<double>(names.size() * passes);
    std::snprintf(line, sizeof line, "%.1f ns and %.1f ns", 1e9 * best.second / look_ups,
                  1e9 * best.first / look_ups);
    report.note("", line);
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
