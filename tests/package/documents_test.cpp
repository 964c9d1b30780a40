#include "json_schema.hpp"
#include "support/process.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/host.hpp"
#include "upstream_lint/render.hpp"

#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

using namespace upstream_lint;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

const fs::path root = UPSTREAM_LINT_SOURCE_DIR;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    REQUIRE_MESSAGE(file, path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

/// What stands between the lines ```LANGUAGE and ```.
std::vector<std::string> fenced_blocks(const std::string& document, const std::string& language) {
    std::vector<std::string> blocks;
    std::istringstream lines(document);
    bool inside = false;
    for (std::string line; std::getline(lines, line);) {
        if (inside && line == "```") {
            inside = false;
        } else if (inside) {
            blocks.back() += line + "\n";
        } else if (line == "```" + language) {
            inside = true;
            blocks.emplace_back();
        }
    }
    return blocks;
}

struct Shown {
    std::string command;
    std::string output;
};

/// The commands of a block, each a line that starts with `$ `, and what the block says they print.
std::vector<Shown> shown_commands(const std::string& block) {
    std::vector<Shown> commands;
    std::istringstream lines(block);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("$ ")) {
            commands.push_back({line.substr(2), ""});
        } else {
            REQUIRE(!commands.empty());
            commands.back().output += line + "\n";
        }
    }
    return commands;
}

/// As a reader would run it at the top of the project, with both streams in one.
std::string output_of(const std::string& command) {
    const std::string folder = fs::path(UPSTREAM_LINT_COMMAND).parent_path().string();
    const std::string script = fmt::format("PATH='{}':$PATH; {{ {}\n}} 2>&1", folder, command);
    return testing::run_process({"/bin/sh", "-c", script}, root.string()).out;
}

Config load(const fs::path& folder) {
    const auto files = map_view(real_file_system(), {{"/etc/nginx", folder.string()}});
    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.first_error_only = false;
    return load_config(*files, "/etc/nginx/nginx.conf", options);
}

/// Folders with a configuration: the examples and all golden cases.
std::vector<fs::path> configurations() {
    std::vector<fs::path> folders;
    for (const char* parent : {"examples", "tests/golden"}) {
        for (const auto& entry : fs::directory_iterator(root / parent)) {
            if (entry.is_directory() && !entry.path().filename().string().starts_with('.')) {
                folders.push_back(entry.path());
            }
        }
    }
    folders.push_back(root / "no such folder");
    return folders;
}

std::string problems(const json& schema, const std::string& document) {
    return fmt::format("{}",
                       fmt::join(testing::schema_problems(schema, json::parse(document)), "\n"));
}

TEST_CASE("what the documents show is what the command prints") {
    std::size_t count = 0;
    std::vector<fs::path> documents{root / "README.md"};
    for (const auto& entry : fs::directory_iterator(root / "docs")) {
        if (entry.path().extension() == ".md") {
            documents.push_back(entry.path());
        }
    }
    for (const fs::path& document : documents) {
        CAPTURE(document.filename().string());
        for (const std::string& block : fenced_blocks(read(document), "console")) {
            for (const Shown& shown : shown_commands(block)) {
                CAPTURE(shown.command);
                CHECK(output_of(shown.command) == shown.output);
                ++count;
            }
        }
    }
    CHECK(count >= 8);
}

TEST_CASE("the README's program is the one that the package tests build and run") {
    const auto blocks = fenced_blocks(read(root / "README.md"), "cpp");
    REQUIRE(blocks.size() == 1);
    CHECK(blocks.front() == read(root / "conan/test_package/example.cpp"));
}

TEST_CASE("what test prints as JSON keeps to its schema") {
    const json schema = json::parse(read(root / "docs/schema/test-1.json"));
    const TextStyle style{.color = false, .base_folder = root.string() + "/"};
    for (const fs::path& folder : configurations()) {
        CAPTURE(folder.string());
        CHECK(problems(schema, render_test_json(load(folder), style)) == "");
    }
}

TEST_CASE("what dump prints keeps to its schema") {
    const json schema = json::parse(read(root / "docs/schema/dump-1.json"));
    const TextStyle style{.color = false, .base_folder = root.string() + "/"};
    for (const fs::path& folder : configurations()) {
        CAPTURE(folder.string());
        const Config config = load(folder);
        for (const bool combine : {false, true}) {
            const DumpOptions options{
                .combine = combine, .comments = true, .spans = true, .indent = 0};
            CHECK(problems(schema, render_dump(config, options, style)) == "");
        }
        CHECK(problems(schema, render_dump(config, {}, style)) == "");
    }
}

TEST_CASE("what route prints keeps to its schema") {
    const json schema = json::parse(read(root / "docs/schema/route-1.json"));
    std::size_t count = 0;
    for (const fs::path& folder : configurations()) {
        CAPTURE(folder.string());
        // what the golden cases compare the command's own lines with
        std::istringstream lines(fs::exists(folder / "route.jsonl") ? read(folder / "route.jsonl")
                                                                    : "");
        for (std::string line; std::getline(lines, line); ++count) {
            CHECK(problems(schema, line) == "");
        }
    }
    CHECK(count >= 40);
    const std::string document =
        output_of("nginx-upstream-lint route --format json --map /etc/nginx=examples/good-site "
                  "--config examples/good-site/nginx.conf http://shop.example/");
    CHECK(problems(schema, document) == "");
    json broken = json::parse(document);
    broken["branches"][0]["outcome"]["kind"] = nullptr;
    CHECK(testing::schema_problems(schema, broken).size() == 1);
}

TEST_CASE("what routes prints keeps to its schema") {
    const json schema = json::parse(read(root / "docs/schema/routes-1.json"));
    std::size_t count = 0;
    for (const fs::path& folder : configurations()) {
        CAPTURE(folder.string());
        if (fs::exists(folder / "routes.json")) {
            CHECK(problems(schema, read(folder / "routes.json")) == "");
            ++count;
        }
    }
    CHECK(count >= 3);
    const std::string document =
        output_of("nginx-upstream-lint routes --format json --map /etc/nginx=examples/good-site "
                  "--to api examples/good-site/nginx.conf");
    CHECK(problems(schema, document) == "");
    json broken = json::parse(document);
    broken["routes"][0]["reach"] = "sometimes";
    broken["routes"][0]["targets"][0]["target"]["kind"] = "dynamic";
    CHECK(testing::schema_problems(schema, broken).size() == 2);
}

TEST_CASE("a document that breaks its schema is found") {
    const json test = json::parse(read(root / "docs/schema/test-1.json"));
    const json dump = json::parse(read(root / "docs/schema/dump-1.json"));
    const json good = json::parse(render_test_json(load(root / "examples/broken-site"), {}));
    REQUIRE(testing::schema_problems(test, good).empty());
    const auto changed = [&](const char* pointer, const json& value) {
        json document = good;
        document[json::json_pointer(pointer)] = value;
        return testing::schema_problems(test, document);
    };
    CHECK(changed("/schema", "nginx-upstream-lint/test/2").size() == 1);
    CHECK(changed("/unheard_of", 1).size() == 1);
    CHECK(changed("/nginx_version", "1.26").size() == 1);
    CHECK(changed("/verdict", "good").size() == 1);
    CHECK(changed("/unjudged_directives", -1).size() == 1);
    CHECK(changed("/diagnostics/0/line", 0).size() == 1);
    CHECK(changed("/diagnostics/0/line", "1").size() == 1);
    CHECK(changed("/diagnostics/0/nginx", json::object()).size() == 2);
    CHECK(changed("/diagnostics/0/cause", "other").size() == 1);
    CHECK(changed("/diagnostics/0/trail", json::array({1})).size() == 1);
    CHECK(!testing::schema_problems(dump, good).empty());
    CHECK_THROWS_AS((void)testing::schema_problems({{"minLength", 1}}, "x"), std::runtime_error);
}

} // namespace
