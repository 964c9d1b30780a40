// Ten thousand included files: against reading them and nothing else, and on two threads.

#include "generate_configuration.hpp"
#include "measure.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/host.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace upstream_lint::bench {
namespace {

constexpr int rounds = 25;
// below this the machine had no second core to give
constexpr double control_demand = 1.9;

std::vector<std::string> files_in(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        files.push_back(entry.path().string());
    return files;
}

void read_plainly(const std::vector<std::string>& files) {
    std::vector<char> buffer(std::size_t{1} << 16U);
    for (const std::string& file : files) {
        const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        keep(static_cast<std::size_t>(::read(fd, buffer.data(), buffer.size())));
        ::close(fd);
    }
}

void calculate() {
    std::uint64_t state = 88'172'645'463'325'252U;
    for (int i = 0; i < 60'000'000; ++i) {
        state ^= state << 13U;
        state ^= state >> 7U;
        state ^= state << 17U;
    }
    keep(static_cast<std::size_t>(state));
}

double calculate_on(unsigned threads) {
    return time_of(wall_seconds, [threads] {
        if (threads == 1) {
            calculate();
            calculate();
            return;
        }
        std::jthread other(calculate);
        calculate();
    });
}

int run(const Arguments& arguments) {
    const TemporaryFolder folder;
    write_configuration({.servers = arguments.has("--quick") ? thousand_servers : large_servers,
                         .style = Style::includes},
                        folder.path());
    const std::vector<std::string> files = files_in(folder.path() + "/hosts");
    const auto real_files = real_file_system();
    const std::string main_file = folder.path() + "/nginx.conf";

    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.check_values = false; // the reader is compared with reading
    bool accepted = true;
    const auto load = [&](unsigned threads) {
        options.threads = threads;
        Config config = load_config(*real_files, main_file, options);
        accepted = accepted && config.diagnostics().empty() &&
                   config.sources().file_count() > files.size();
        return config;
    };
    Report report;
    const Best cost = take_turns(
        rounds, [&] { return time_of(cpu_seconds, [&] { (void)load(1); }); },
        [&] { return time_of(cpu_seconds, [&] { read_plainly(files); }); });
    if (!accepted) {
        std::fprintf(stderr, "the generated configuration is refused\n");
        return 1;
    }
    report.at_most("included files / open, read, close", cost.ratio(), 3, 1.7, "times");
    char line[160];
    std::snprintf(line, sizeof line, "%zu files: read in %.1f ms, loaded in %.1f ms", files.size(),
                  1e3 * cost.second, 1e3 * cost.first);
    report.note("", line);

    // what has been loaded is given back after the clock was read: only loading has threads
    const auto loading_time = [&](unsigned threads) {
        std::optional<Config> config;
        return time_of(wall_seconds, [&] { config = load(threads); });
    };
    // the control stands between the two it is to judge
    Best control{calculate_on(1), calculate_on(2)};
    const Best threads = take_turns(
        rounds,
        [&] {
            control.first = std::min(control.first, calculate_on(1));
            control.second = std::min(control.second, calculate_on(2));
            return loading_time(1);
        },
        [&] { return loading_time(2); });
    std::snprintf(line, sizeof line, "%.2f times faster; arithmetic alone %.2f times",
                  threads.ratio(), control.ratio());
    if (control.ratio() >= control_demand)
        report.at_least("included files, two threads", threads.ratio(), 1.5, 1.8, "times");
    else
        report.note("included files, two threads",
                    std::string(line) + ": this machine allows no statement");
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
