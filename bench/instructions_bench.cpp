// Instructions a byte of parsing, counted by callgrind: no clock, no noise, the same on every run.
// Two runs that differ in the number of passes only: what the program does besides drops out.

#include "generate_configuration.hpp"
#include "measure.hpp"
#include "upstream_lint/syntax.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

namespace upstream_lint::bench {
namespace {

constexpr int skipped = 77; // ctest's SKIP_RETURN_CODE
constexpr int few = 1;
constexpr int many = 3;

std::string read(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

int work(const Arguments& arguments) {
    const std::string text = read(arguments.value("--work", ""));
    const int passes = std::atoi(arguments.value("--passes", "0").c_str());
    for (int i = 0; i < passes; ++i)
        keep(parse(text).words().size());
    return text.empty() ? 1 : 0;
}

std::optional<double> instructions(const std::string& self, const TemporaryFolder& folder,
                                   const std::string& file, int passes) {
    const std::string log = folder.path() + "/log";
    const ProcessUse use = run_process({"valgrind", "--tool=callgrind",
                                        "--callgrind-out-file=/dev/null", "--log-file=" + log, self,
                                        "--work", file, "--passes", std::to_string(passes)});
    if (use.status != 0)
        return std::nullopt;
    const std::string text = read(log);
    const std::string label = "Collected : ";
    const std::size_t found = text.find(label);
    if (found == std::string::npos)
        return std::nullopt;
    return std::strtod(text.c_str() + found + label.size(), nullptr);
}

int run(const Arguments& arguments) {
    if (arguments.has("--work"))
        return work(arguments);
    if (run_process({"valgrind", "--version"}).status != 0) {
        std::printf("skipped: valgrind is not installed\n");
        return skipped;
    }
    const TemporaryFolder folder;
    const std::string self = std::filesystem::read_symlink("/proc/self/exe").string();
    Report report;
    for (const Style style : {Style::mixed, Style::minified}) {
        const std::string file = folder.path() + "/nginx.conf";
        const std::string text = generate_main_file({.servers = thousand_servers, .style = style});
        std::ofstream(file, std::ios::binary) << text;
        const auto low = instructions(self, folder, file, few);
        const auto high = instructions(self, folder, file, many);
        if (!low || !high) {
            std::fprintf(stderr, "callgrind gave no count\n");
            return 1;
        }
        const double bytes = static_cast<double>(text.size()) * (many - few);
        if (style == Style::mixed) {
            report.at_most("parse, instructions a byte", (*high - *low) / bytes, 20, 15, "");
            continue;
        }
        char line[80];
        std::snprintf(line, sizeof line, "%9.2f (more tokens a byte: nothing demanded)",
                      (*high - *low) / bytes);
        report.note("the same, minified", line);
    }
    return report.status();
}

} // namespace
} // namespace upstream_lint::bench

int main(int argc, char** argv) {
    return upstream_lint::bench::run_program(argc, argv, upstream_lint::bench::run);
}
