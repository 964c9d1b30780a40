// The command as people start it, against `nginx -t` on the same files. Start-up counts.

#include "generate_configuration.hpp"
#include "measure.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace upstream_lint::bench {
namespace {

struct Case {
    const char* name;
    std::size_t servers;
    int rounds; // of both; nginx takes seconds for the largest
    double demand;
    double goal;
};

/// The peaks of all runs.
struct Peaks {
    std::size_t ours = 0;
    std::size_t nginx = 0;
};

double megabytes(std::size_t bytes) {
    return static_cast<double>(bytes) / 1e6;
}

/// Written by a process of its own: this one must stay small, see run_process.
bool generate(const std::string& self, std::size_t servers, const std::string& folder) {
    return run_process({self, "--generate", folder, "--servers", std::to_string(servers)}).status ==
           0;
}

class ProcessBench {
public:
    ProcessBench(std::string self, std::string tool, std::string nginx) :
        self_(std::move(self)), tool_(std::move(tool)), nginx_(std::move(nginx)),
        has_nginx_(run_process({nginx_, "-v"}).status == 0) {
        if (!has_nginx_)
            report_.note("whole process / nginx -t", "skipped: no nginx here");
    }

    bool measure(const Case& what) {
        const TemporaryFolder folder;
        const std::string main_file = folder.path() + "/nginx.conf";
        if (!generate(self_, what.servers, folder.path())) {
            std::fprintf(stderr, "cannot write %s\n", main_file.c_str());
            return false;
        }
        const auto input = static_cast<std::size_t>(std::filesystem::file_size(main_file));
        Peaks peaks;
        double ours = 0;
        double theirs = 0;
        if (has_nginx_ && what.rounds > 1) {
            const Best best = take_turns(
                what.rounds, [&] { return run_nginx(folder.path(), peaks); },
                [&] { return run_ours(main_file, peaks); });
            theirs = best.first;
            ours = best.second;
        } else {
            theirs = has_nginx_ ? run_nginx(folder.path(), peaks) : 0;
            ours = run_ours(main_file, peaks);
            for (int run = 1; run < 7; ++run)
                ours = std::min(ours, run_ours(main_file, peaks));
        }
        if (refused_)
            return false;
        say(what, input, ours, theirs, peaks);
        return true;
    }

    [[nodiscard]] int status() const { return report_.status(); }

private:
    double run_ours(const std::string& main_file, Peaks& peaks) {
        const ProcessUse use = run_process({tool_, "test", main_file});
        check(use, tool_);
        peaks.ours = std::max(peaks.ours, use.peak_bytes);
        return use.cpu;
    }

    double run_nginx(const std::string& folder, Peaks& peaks) {
        const ProcessUse use =
            run_process({nginx_, "-t", "-q", "-p", folder + "/", "-c", folder + "/nginx.conf"});
        check(use, nginx_);
        peaks.nginx = std::max(peaks.nginx, use.peak_bytes);
        return use.cpu;
    }

    void check(const ProcessUse& use, const std::string& program) {
        if (use.status != 0 && !refused_) {
            std::fprintf(stderr, "%s: exit status %d\n", program.c_str(), use.status);
            refused_ = true;
        }
    }

    void say(const Case& what, std::size_t input, double ours, double theirs, const Peaks& peaks) {
        const std::string name = what.name;
        char line[160];
        if (has_nginx_) {
            report_.at_least("nginx -t / test, CPU, " + name, theirs / ours, what.demand, what.goal,
                             "times");
            report_.note("nginx -t / test, peak memory, " + name,
                         std::to_string(peaks.nginx / 1'000'000) + " MB / " +
                             std::to_string(peaks.ours / 1'000'000) + " MB");
        }
        std::snprintf(line, sizeof line, "%.2f MB; test %.1f ms, nginx -t %.0f ms",
                      megabytes(input), 1e3 * ours, 1e3 * theirs);
        report_.note("", line);
        // demanded: three times the input and 16 MB; the goal: twice the input and 8 MB
        const double demand = 3 * megabytes(input) + 16;
        report_.at_most("test, peak memory, " + name, megabytes(peaks.ours), demand,
                        2 * megabytes(input) + 8, "MB");
    }

    std::string self_;
    std::string tool_;
    std::string nginx_;
    bool has_nginx_;
    bool refused_ = false;
    Report report_;
};

int run(const Arguments& arguments) {
    const std::string folder = arguments.value("--generate", "");
    if (!folder.empty()) {
        write_configuration({.servers = std::stoul(arguments.value("--servers", "1"))}, folder);
        return 0;
    }
    const std::string tool = arguments.value("--tool", "");
    if (tool.empty()) {
        std::fprintf(stderr, "usage: bench_process --tool NGINX-UPSTREAM-LINT [--nginx NGINX] "
                             "[--quick]\n");
        return 2;
    }
    ProcessBench bench(std::filesystem::read_symlink("/proc/self/exe").string(), tool,
                       arguments.value("--nginx", "nginx"));
    bool done = bench.measure({"medium", medium_servers, 9, 3, 6});
    done = bench.measure({"n1000", thousand_servers, 5, 10, 20}) && done;
    if (!arguments.has("--quick"))
        done = bench.measure({"large", large_servers, 1, 40, 100}) && done;
    return done ? bench.status() : 1;
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
