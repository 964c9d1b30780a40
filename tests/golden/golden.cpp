#include "support/process.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

/// Runs the command over every folder below the given one and compares what it prints with the
/// files that stand beside the configuration (CONTRIBUTING.md, "Add a golden case").

namespace {

namespace fs = std::filesystem;
using upstream_lint::testing::ProcessResult;
using upstream_lint::testing::run_process;

// The name that each case's folder has for the configuration in it.
constexpr std::string_view mapped_folder = "/etc/nginx/";

std::string read_file(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write_file(const fs::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::string without_mapped_folder(std::string text) {
    for (std::size_t at = 0; (at = text.find(mapped_folder, at)) != std::string::npos;) {
        text.erase(at, mapped_folder.size());
    }
    return text;
}

class Runner {
public:
    Runner(std::string command, bool update) : command_(std::move(command)), update_(update) {}

    void run(const fs::path& folder) {
        folder_ = folder;
        if (folder.filename().string().starts_with("check_")) {
            compare_check();
            return;
        }
        const ProcessResult text = lint({"test", "--all", "--color", "never"});
        const ProcessResult json = lint({"test", "--format", "json"});
        const ProcessResult nginx = lint({"test"});
        compare("expected.txt", text.out + "exit status " + std::to_string(text.status) + "\n");
        compare("expected.json", json.out);
        if (fs::exists(folder / "dump.json")) {
            compare("dump.json", lint({"dump", "--comments", "--indent", "1"}).out);
        }
        if (fs::exists(folder / "nginx.txt")) {
            compare_with_nginx(nginx);
        }
        if (fs::exists(folder / "route")) {
            compare_routes();
        }
        if (fs::exists(folder / "routes")) {
            compare_lists();
        }
        check_verdict(text, json, nginx);
    }

    [[nodiscard]] int failures() const { return failures_; }

private:
    [[nodiscard]] ProcessResult lint(std::vector<std::string> words) const {
        words.insert(words.begin(), command_);
        words.insert(words.end(), {"--map", "/etc/nginx=.", "--config", "nginx.conf"});
        std::istringstream arguments(read_file(folder_ / "args"));
        std::string given;
        bool version_given = false;
        while (arguments >> given) {
            version_given = version_given || given == "--nginx-version";
            words.push_back(given);
        }
        if (!version_given) {
            words.insert(words.end(), {"--nginx-version", "1.22.1"});
        }
        return run_process(words, folder_.string());
    }

    /// Each line of the file `route` holds the words of one command.
    void compare_routes() {
        std::istringstream lines(read_file(folder_ / "route"));
        std::string text;
        std::string json;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::vector<std::string> command{"route"};
            command.insert(command.end(), std::istream_iterator<std::string>(words), {});
            const ProcessResult shown = lint(with(command, {"--color", "never", "--why"}));
            text += shown.out + "exit status " + std::to_string(shown.status) + "\n\n";
            json += lint(with(command, {"--format", "jsonl"})).out;
        }
        compare("route.txt", text);
        compare("route.jsonl", json);
    }

    /// Each line of the file `routes` holds the options of one command.
    void compare_lists() {
        std::istringstream lines(read_file(folder_ / "routes"));
        std::string text;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::vector<std::string> command{"routes", "--color", "never"};
            command.insert(command.end(), std::istream_iterator<std::string>(words), {});
            const ProcessResult shown = lint(command);
            text += "$ routes " + line + "\n" + shown.out + "exit status " +
                    std::to_string(shown.status) + "\n\n";
        }
        compare("routes.txt", text);
        compare("routes.json", lint({"routes", "--format", "json"}).out);
    }

    /// The facts stand in facts.json; without it nothing is known of the host.
    void compare_check() {
        const std::string facts = fs::exists(folder_ / "facts.json") ? "facts.json" : "none";
        const std::vector<std::string> command{"check", "--facts", facts, "--color", "never"};
        const ProcessResult shown = lint(with(command, {"--show-unknown"}));
        compare("check.txt",
                shown.out + shown.err + "exit status " + std::to_string(shown.status) + "\n");
        compare("check.json", lint(with(command, {"--format", "json"})).out);
        if (folder_.filename().string().ends_with("_ok") && shown.status != 0) {
            fail("findings", "", shown.out);
        }
    }

    static std::vector<std::string> with(std::vector<std::string> words,
                                         const std::vector<std::string>& more) {
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }

    void fail(const std::string& what, const std::string& expected, const std::string& got) {
        ++failures_;
        std::cout << folder_.filename().string() << ": " << what << "\n--- expected\n"
                  << expected << "--- got\n"
                  << got;
    }

    void compare(const std::string& name, const std::string& got) {
        const std::string expected = read_file(folder_ / name);
        if (expected == got) {
            return;
        }
        if (update_) {
            write_file(folder_ / name, got);
        } else {
            fail(name, expected, got);
        }
    }

    /// nginx.txt is what the real nginx said, and is never updated from here.
    void compare_with_nginx(const ProcessResult& result) {
        const std::string expected = read_file(folder_ / "nginx.txt");
        const std::string got = without_mapped_folder(result.err);
        const std::string prefix = "nginx: ";
        const bool same =
            expected.empty() ? result.status == 0 : got.starts_with(prefix + expected);
        if (!same) {
            fail("nginx.txt", expected, got);
        }
    }

    /// A case whose name ends in _ok is silent; all formats agree on the verdict.
    void check_verdict(const ProcessResult& text, const ProcessResult& json,
                       const ProcessResult& nginx) {
        if (text.status != json.status || text.status != nginx.status) {
            fail("exit status", std::to_string(text.status) + "\n",
                 std::to_string(json.status) + " and " + std::to_string(nginx.status) + "\n");
        }
        if (folder_.filename().string().ends_with("_ok") &&
            (text.status != 0 || !text.out.empty())) {
            fail("not silent", "", text.out);
        }
    }

    std::string command_;
    bool update_;
    fs::path folder_;
    int failures_ = 0;
};

} // namespace

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: golden COMMAND FOLDER [--update|--part NUMBER OF]\n";
        return 2;
    }
    const std::vector<std::string> options(argv + 3, argv + argc);
    const bool is_part = options.size() == 3 && options[0] == "--part";
    const std::size_t parts = is_part ? std::stoul(options[2]) : 1;
    const std::size_t part = is_part ? std::stoul(options[1]) - 1 : 0;
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(argv[2])) {
        if (fs::exists(entry.path() / "nginx.conf")) {
            folders.push_back(entry.path());
        }
    }
    std::ranges::sort(folders);
    Runner runner(argv[1], !options.empty() && options[0] == "--update");
    std::size_t cases = 0;
    for (std::size_t i = part; i < folders.size(); i += parts) {
        runner.run(folders[i]);
        ++cases;
    }
    std::cout << cases << " cases, " << runner.failures() << " failures\n";
    return cases == 0 || runner.failures() != 0 ? 1 : 0;
}
