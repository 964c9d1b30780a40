// Ten times the bytes: what they take more of.

#include "generate_configuration.hpp"
#include "measure.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/file_system.hpp"

#include <cstdio>
#include <string>

namespace upstream_lint::bench {
namespace {

constexpr int rounds = 9;
constexpr const char* main_file = "/etc/nginx/nginx.conf";

MemoryFileSystem files_of(std::size_t servers, std::size_t& bytes) {
    MemoryFileSystem files;
    generate_configuration({.servers = servers}, [&](std::string_view path, std::string_view text) {
        files.add("/etc/nginx/" + std::string(path), std::string(text));
        bytes += text.size();
    });
    return files;
}

struct Sizes {
    MemoryFileSystem small;
    MemoryFileSystem big;
    std::size_t small_bytes = 0;
    std::size_t big_bytes = 0;
};

/// False when a configuration is refused.
bool compare(const Sizes& sizes, bool check_values, Report& report) {
    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.threads = 1;
    options.check_values = check_values;
    bool accepted = true;
    const auto load = [&](const FileSystem& files) {
        return time_of(cpu_seconds, [&] {
            const Config config = load_config(files, main_file, options);
            accepted = accepted && config.diagnostics().empty();
        });
    };
    const Best best = take_turns(
        rounds, [&] { return load(sizes.big); }, [&] { return load(sizes.small); });
    if (!accepted) {
        std::fprintf(stderr, "the generated configuration is refused\n");
        return false;
    }
    report.at_most(check_values ? "values judged, time for 10 times the bytes"
                                : "load_config, time for 10 times the bytes",
                   best.ratio(), 13, 11.5, "times");
    char line[120];
    std::snprintf(line, sizeof line, "%.1f MB in %.0f ms, %.1f MB in %.0f ms",
                  static_cast<double>(sizes.small_bytes) / 1e6, 1e3 * best.second,
                  static_cast<double>(sizes.big_bytes) / 1e6, 1e3 * best.first);
    report.note("", line);
    return true;
}

int run(const Arguments& arguments) {
    const std::size_t servers = arguments.has("--quick") ? thousand_servers : large_servers;
    Sizes sizes;
    sizes.small = files_of(servers, sizes.small_bytes);
    sizes.big = files_of(10 * servers, sizes.big_bytes);
    Report report;
    if (!compare(sizes, false, report) || !compare(sizes, true, report)) {
        return 1;
    }
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
