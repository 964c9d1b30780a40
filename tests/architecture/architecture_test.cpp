#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

const fs::path root = UPSTREAM_LINT_SOURCE_DIR;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        throw std::runtime_error("cannot read " + path.string());
    }
    return {std::istreambuf_iterator<char>(file), {}};
}

Words lines_of(const std::string& text) {
    Words lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

/// rules.txt, read.
struct Rules {
    std::map<std::string, Words> folders, headers, languages, parts;
    Words world;

    explicit Rules(const std::string& text) {
        for (const std::string& line : lines_of(text)) {
            if (line.empty() || line.starts_with('#')) {
                continue;
            }
            const std::size_t colon = line.find(':');
            if (colon == std::string::npos) {
                throw std::runtime_error("no colon: " + line);
            }
            std::istringstream head(line.substr(0, colon));
            std::istringstream tail(line.substr(colon + 1));
            std::string kind, name;
            head >> kind >> name;
            const Words values{std::istream_iterator<std::string>(tail), {}};
            if (kind == "world") {
                world.insert(world.end(), values.begin(), values.end());
            } else {
                table(kind)[name] = values;
            }
        }
    }

    /// The folders whose headers `folder` may include, itself among them.
    [[nodiscard]] std::set<std::string> reach(const std::string& folder) const {
        std::set<std::string> reached{folder};
        Words open{folder};
        while (!open.empty()) {
            const std::string next = open.back();
            open.pop_back();
            for (const std::string& to : folders.at(next)) {
                if (reached.insert(to).second) {
                    open.push_back(to);
                }
            }
        }
        return reached;
    }

private:
    std::map<std::string, Words>& table(const std::string& kind) {
        if (kind == "folder") {
            return folders;
        }
        if (kind == "header") {
            return headers;
        }
        if (kind == "language") {
            return languages;
        }
        if (kind == "part") {
            return parts;
        }
        throw std::runtime_error("unknown kind of rule: " + kind);
    }
};

const Rules& rules() {
    static const Rules read_rules(read(root / "tests/architecture/rules.txt"));
    return read_rules;
}

bool has(const Words& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

/// `nginx_conf` of `some/nginx_conf.hpp`.
std::string stem(std::string_view path) {
    return fs::path(path).stem().string();
}

/// The folder a file belongs to: that of src/, or for a public header the one it speaks for.
std::string owner(std::string_view path) {
    if (path.starts_with("src/")) {
        const std::string_view rest = path.substr(4);
        return std::string(rest.substr(0, rest.find('/')));
    }
    if (path.starts_with("include/")) {
        const auto found = rules().headers.find(stem(path));
        return found == rules().headers.end() ? std::string("?") : found->second.at(0);
    }
    return "grammar";
}

std::string check_own(std::string_view path, const std::string& folder, std::string_view included) {
    if (included == "upstream_lint/version.hpp") {
        return "";
    }
    const std::string name = stem(included);
    if (included.find('/') == std::string_view::npos) {
        const auto language = rules().languages.find(name);
        if (language == rules().languages.end()) {
            return "not in rules.txt";
        }
        const bool from_code = path.ends_with(".cpp") && has(language->second, folder);
        return folder == "grammar" || from_code
                   ? ""
                   : "this folder's .cpp files do not own that language";
    }
    if (folder == "grammar") {
        return "the grammar includes the grammar alone";
    }
    std::string target(included.substr(0, included.find('/')));
    if (target == "upstream_lint") {
        const auto header = rules().headers.find(name);
        if (header == rules().headers.end()) {
            return "not in rules.txt";
        }
        target = header->second.at(0);
    } else if (path.starts_with("include/")) {
        return "a public header includes public headers alone";
    }
    return rules().reach(folder).contains(target)
               ? ""
               : fmt::format("{} may not include {}", folder, target);
}

std::string check_foreign(std::string_view path, const std::string& folder,
                          std::string_view included) {
    for (const auto& [prefix, places] : rules().parts) {
        if (included.starts_with(prefix)) {
            const bool allowed = has(places, folder) && !path.starts_with("include/");
            return allowed ? "" : fmt::format("{} is for: {}", prefix, fmt::join(places, ", "));
        }
    }
    const bool of_the_world = std::ranges::any_of(rules().world, [&](const std::string& entry) {
        return entry.ends_with('/') ? included.starts_with(entry) : included == entry;
    });
    if (of_the_world && folder != "host" && folder != "cli") {
        return "only host and cli touch the world";
    }
    if (included.find('/') != std::string_view::npos && !of_the_world) {
        return "a part that is not in rules.txt";
    }
    return "";
}

/// What is wrong with the include lines of a file of src/, include/ or grammar/.
Words include_problems(std::string_view path, const std::string& text) {
    Words problems;
    const std::string folder = owner(path);
    if (folder != "grammar" && !rules().folders.contains(folder)) {
        return {fmt::format("{}: rules.txt does not say whose it is", path)};
    }
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        std::istringstream words(line);
        std::string keyword, included;
        words >> keyword >> included;
        if (keyword != "#include" || included.size() < 3) {
            continue;
        }
        const std::string_view name = std::string_view(included).substr(1, included.size() - 2);
        const std::string problem = included.front() == '"' ? check_own(path, folder, name)
                                                            : check_foreign(path, folder, name);
        if (!problem.empty()) {
            problems.push_back(fmt::format("{}:{}: {}: {}", path, number, included, problem));
        }
    }
    return problems;
}

/// What is wrong with the bytes of a text that people write.
Words text_problems(std::string_view path, const std::string& text) {
    Words problems;
    const auto add = [&](std::size_t line, std::string_view what) {
        problems.push_back(fmt::format("{}:{}: {}", path, line, what));
    };
    std::size_t number = 0;
    for (const std::string& line : lines_of(text)) {
        ++number;
        if (line.find('\t') != std::string::npos && !path.ends_with(".tsv")) {
            add(number, "tab");
        }
        if (line.ends_with('\r')) {
            add(number, "CR before the line's end");
        } else if (line.ends_with(' ')) {
            add(number, "blank at the line's end");
        }
        for (const std::string& folder : {root.string(), root.parent_path().string()}) {
            const std::set<std::string> common{"/",    "/tmp", "/home",    "/root",
                                               "/opt", "/srv", "/usr/src", "/var/tmp"};
            if (!common.contains(folder) && line.find(folder + "/") != std::string::npos) {
                add(number, "path of this machine");
                break;
            }
        }
    }
    if (!text.empty() && !text.ends_with('\n')) {
        add(number, "no line end at the end");
    }
    if (path.ends_with(".hpp") && text.find("#pragma once\n") == std::string::npos) {
        add(1, "no #pragma once");
    }
    return problems;
}

/// Inputs of tests are as odd as they have to be.
bool is_test_data(std::string_view path) {
    return path.starts_with("tests/golden/") || path.starts_with("fuzz/corpus/") ||
           path.starts_with("tests/data/");
}

bool is_text(std::string_view path) {
    const std::string extension = fs::path(path).extension().string();
    const std::set<std::string> known{".cpp",  ".hpp", ".cmake", ".txt", ".md",  ".json",  ".in",
                                      ".bash", ".py",  ".conf",  ".peg", ".tsv", ".types", ".dict"};
    return known.contains(extension) || path.starts_with("scripts/") || path == ".ci/run" ||
           path == "bench/run" || path == "fuzz/run";
}

/// Every file of the project, as a path relative to it.
Words project_files() {
    Words files;
    for (auto entry = fs::recursive_directory_iterator(root);
         entry != fs::recursive_directory_iterator(); ++entry) {
        const std::string name = entry->path().filename().string();
        const fs::file_type type = entry->symlink_status().type();
        if (type == fs::file_type::directory) {
            if ((name.starts_with('.') && name != ".ci") || name == "build" ||
                name == "__pycache__") {
                entry.disable_recursion_pending();
            }
        } else if (type == fs::file_type::regular) {
            files.push_back(entry->path().lexically_relative(root).string());
        }
    }
    std::ranges::sort(files);
    return files;
}

/// The folders that ARCHITECTURE.md lists: the first cell of each table row that is a path with `/`
/// at its end.
std::set<std::string> listed_folders(const std::string& document) {
    std::set<std::string> folders;
    for (const std::string& line : lines_of(document)) {
        const std::size_t end = line.find("/`");
        if (line.starts_with("| `") && end != std::string::npos) {
            folders.insert(line.substr(3, end - 3));
        }
    }
    return folders;
}

/// The folders that are to be listed: of the top level, of src/ and of tests/.
std::set<std::string> actual_folders(const Words& files) {
    std::set<std::string> folders;
    for (const std::string& file : files) {
        const std::size_t first = file.find('/');
        if (first == std::string::npos) {
            continue;
        }
        const std::string top = file.substr(0, first);
        folders.insert(top);
        const std::size_t second = file.find('/', first + 1);
        if ((top == "src" || top == "tests") && second != std::string::npos) {
            folders.insert(file.substr(0, second));
        }
    }
    return folders;
}

std::string report(const Words& problems) {
    return fmt::format("{}", fmt::join(problems, "\n"));
}

bool is_build_tool(std::string_view path) {
    return path.starts_with("src/config/data/");
}

TEST_CASE("include lines keep to rules.txt") {
    Words problems;
    std::size_t looked_at = 0;
    for (const std::string& file : project_files()) {
        const bool code = file.ends_with(".cpp") || file.ends_with(".hpp");
        const bool ours = file.starts_with("src/") || file.starts_with("include/") ||
                          file.starts_with("grammar/");
        if (code && ours && !is_build_tool(file)) {
            const Words found = include_problems(file, read(root / file));
            problems.insert(problems.end(), found.begin(), found.end());
            ++looked_at;
        }
    }
    CHECK(report(problems) == "");
    CHECK(looked_at > 40);
}

TEST_CASE("texts have no tabs, blanks at line ends, CR or paths of this machine") {
    Words problems;
    std::size_t looked_at = 0;
    for (const std::string& file : project_files()) {
        if (is_text(file) && !is_test_data(file)) {
            const Words found = text_problems(file, read(root / file));
            problems.insert(problems.end(), found.begin(), found.end());
            ++looked_at;
        }
    }
    CHECK(report(problems) == "");
    CHECK(looked_at > 100);
}

TEST_CASE("rules.txt names the folders and headers there are") {
    const Words files = project_files();
    std::set<std::string> folders, headers, languages;
    for (const std::string& file : files) {
        if (file.starts_with("src/") && file.find('/', 4) != std::string::npos) {
            folders.insert(owner(file));
        } else if (file.starts_with("include/upstream_lint/")) {
            headers.insert(stem(file));
        } else if (file.starts_with("grammar/") && file.ends_with(".hpp")) {
            languages.insert(stem(file));
        }
    }
    const auto keys = [](const std::map<std::string, Words>& table) {
        std::set<std::string> names;
        for (const auto& [name, ignored] : table) {
            names.insert(name);
        }
        return names;
    };
    CHECK(fmt::format("{}", fmt::join(keys(rules().folders), " ")) ==
          fmt::format("{}", fmt::join(folders, " ")));
    CHECK(fmt::format("{}", fmt::join(keys(rules().headers), " ")) ==
          fmt::format("{}", fmt::join(headers, " ")));
    CHECK(fmt::format("{}", fmt::join(keys(rules().languages), " ")) ==
          fmt::format("{}", fmt::join(languages, " ")));
}

TEST_CASE("ARCHITECTURE.md lists the folders there are") {
    const std::set<std::string> listed = listed_folders(read(root / "ARCHITECTURE.md"));
    const std::set<std::string> actual = actual_folders(project_files());
    CHECK(fmt::format("{}", fmt::join(listed, "\n")) == fmt::format("{}", fmt::join(actual, "\n")));
}

TEST_CASE("an include against the rules is found") {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"src/source/a.cpp", "#include \"upstream_lint/syntax.hpp\"\n"},
        {"src/syntax/a.cpp", "#include \"config/messages.hpp\"\n"},
        {"src/config/a.cpp", "#include \"render/utf8.hpp\"\n"},
        {"src/render/a.cpp", "#include \"host/anything.hpp\"\n"},
        {"src/render/a.cpp", "#include \"upstream_lint/host.hpp\"\n"},
        {"src/host/a.cpp", "#include \"upstream_lint/config.hpp\"\n"},
        {"src/config/a.cpp", "#include \"nginx_conf.hpp\"\n"},
        {"src/syntax/a.hpp", "#include \"nginx_conf.hpp\"\n"},
        {"src/syntax/a.cpp", "#include \"unheard_of.hpp\"\n"},
        {"src/unheard_of/a.cpp", "#include <string>\n"},
        {"include/upstream_lint/syntax.hpp", "#include \"upstream_lint/config.hpp\"\n"},
        {"include/upstream_lint/syntax.hpp", "#include \"syntax/tokens.hpp\"\n"},
        {"include/upstream_lint/syntax.hpp", "#include <fmt/format.h>\n"},
        {"include/upstream_lint/unheard_of.hpp", "#include <string>\n"},
        {"grammar/nginx_conf.hpp", "#include \"upstream_lint/syntax.hpp\"\n"},
        {"grammar/nginx_conf.hpp", "#include <fmt/format.h>\n"},
        {"src/config/a.cpp", "#include <tao/pegtl.hpp>\n"},
        {"src/config/a.cpp", "#include <nlohmann/json.hpp>\n"},
        {"src/render/a.cpp", "#include <CLI/CLI.hpp>\n"},
        {"src/source/a.cpp", "#include <CLI/CLI.hpp>\n"},
        {"src/source/a.cpp", "#include <unheard/of.hpp>\n"},
        {"src/source/a.cpp", "#include <fstream>\n"},
        {"src/config/a.cpp", "#include <sys/stat.h>\n"},
        {"src/render/a.cpp", "  #include <chrono>\n"},
    };
    for (const auto& [path, text] : wrong) {
        CAPTURE(path);
        CAPTURE(text);
        CHECK(include_problems(path, text).size() == 1);
    }
}

TEST_CASE("an include that the rules allow is no problem") {
    const std::vector<std::pair<std::string, std::string>> right{
        {"src/cli/a.cpp",
         "#include \"config/suggestion.hpp\"\n#include <CLI/CLI.hpp>\n#include <iostream>\n"},
        {"src/host/a.cpp",
         "#include \"source/path.hpp\"\n#include <sys/stat.h>\n#include <fmt/format.h>\n"},
        {"src/syntax/a.cpp", "#include \"nginx_conf_errors.hpp\"\n#include <tao/pegtl.hpp>\n"},
        {"src/render/a.cpp", "#include \"upstream_lint/version.hpp\"\n#include "
                             "<nlohmann/json.hpp>\n#include <cerrno>\n"},
        {"grammar/nginx_conf_errors.hpp",
         "#include \"nginx_conf.hpp\"\n#include <tao/pegtl.hpp>\n"},
    };
    for (const auto& [path, text] : right) {
        CHECK(report(include_problems(path, text)) == "");
    }
}

TEST_CASE("a text against the rules is found") {
    CHECK(text_problems("a.cpp", "int\ta;\n").size() == 1);
    CHECK(text_problems("a.cpp", "int a;\r\n").size() == 1);
    CHECK(text_problems("a.cpp", "int a; \n").size() == 1);
    CHECK(text_problems("a.cpp", "int a;").size() == 1);
    CHECK(text_problems("a.hpp", "int a;\n").size() == 1);
    CHECK(text_problems("a.md", root.string() + "/src\n").size() == 1);
    CHECK(text_problems("a.tsv", "a\tb\n").empty());
    CHECK(text_problems("a.hpp", "#pragma once\n").empty());
    CHECK(listed_folders("| `src/unheard_of/` | text |\n| other | `x/` |\n") ==
          std::set<std::string>{"src/unheard_of"});
}

} // namespace
