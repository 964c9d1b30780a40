// Compares what the library says of the cases in this folder with what nginx said of them. `record`
// describes the files and asks nginx again.
//
// VALUES_FOLDER  where the cases are; this folder when not set

#include "upstream_lint/config.hpp"
#include "upstream_lint/diagnostic.hpp"
#include "upstream_lint/file_system.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {
namespace {

namespace fs = std::filesystem;

using Lines = std::vector<std::string>;

constexpr std::string_view folder = "/etc/nginx";
constexpr std::string_view placeholder = "@FOLDER@";

struct Frame {
    std::string front; ///< on the line of the case's first
    Lines behind;
};

struct Case {
    std::string place; ///< FILE:LINE of its head
    std::string name;
    std::string frame;
    Lines modules; ///< stems of the objects to load
    Lines text;
    Lines answer; ///< nginx's, `LEVEL LINE: MESSAGE` each or `ok`
};

const fs::path& own_folder() {
    static const fs::path path = fs::path(UPSTREAM_LINT_SOURCE_DIR) / "tests/values";
    return path;
}

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::runtime_error("cannot read " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

Lines split(const std::string& text, char separator) {
    Lines parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, separator);)
        parts.push_back(part);
    return parts;
}

std::string trim(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(' ');
    return begin == std::string::npos ? ""
                                      : text.substr(begin, text.find_last_not_of(' ') + 1 - begin);
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos;
         at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// Bytes that are no printable ASCII as `\xNN`, and a blank at the end, which no text of the
/// project has.
std::string escape(const std::string& text) {
    std::string escaped;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char byte = text[at];
        const bool last_blank = byte == ' ' && at + 1 == text.size();
        if (byte >= ' ' && byte <= '~' && !last_blank)
            escaped += byte;
        else
            escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    }
    return escaped;
}

std::map<std::string, Frame> read_frames() {
    std::map<std::string, Frame> frames;
    for (const std::string& line : split(read(own_folder() / "frames"), '\n')) {
        if (line.starts_with('#'))
            continue;
        Lines parts = split(line, '|');
        std::transform(parts.begin(), parts.end(), parts.begin(), trim);
        parts.resize(std::max<std::size_t>(parts.size(), 2));
        frames[parts[0]] = {parts[1], {parts.begin() + 2, parts.end()}};
    }
    return frames;
}

/// `== NAME in FRAME [with MODULE...]`
Case read_head(const std::string& line, const std::string& place) {
    constexpr std::string_view in = " in ";
    constexpr std::string_view with = " with ";
    const std::size_t in_at = line.rfind(in);
    if (in_at == std::string::npos)
        throw std::runtime_error(place + ": no head of a case");
    const std::string rest = line.substr(in_at + in.size());
    const std::size_t with_at = rest.find(with);
    Case head;
    head.place = place;
    head.name = line.substr(3, in_at - 3);
    head.frame = rest.substr(0, with_at);
    if (with_at != std::string::npos)
        head.modules = split(rest.substr(with_at + with.size()), ' ');
    return head;
}

std::vector<Case> read_cases(const fs::path& path) {
    std::vector<Case> cases;
    std::size_t number = 0;
    for (const std::string& line : split(read(path), '\n')) {
        ++number;
        if (line.starts_with("== "))
            cases.push_back(
                read_head(line, fmt::format("{}:{}", path.filename().string(), number)));
        else if (line.empty() || cases.empty())
            continue;
        else if (line.starts_with("-- "))
            cases.back().answer.push_back(line.substr(3));
        else
            cases.back().text.push_back(line);
    }
    return cases;
}

std::vector<fs::path> case_files() {
    const char* const set = std::getenv("VALUES_FOLDER"); // NOLINT(concurrency-mt-unsafe)
    std::vector<fs::path> paths;
    for (const auto& entry : fs::directory_iterator(set == nullptr ? own_folder() : fs::path(set)))
        if (entry.path().extension() == ".txt" && entry.path().filename() != "CMakeLists.txt")
            paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

std::string configuration(const Case& values, const Frame& frame) {
    std::string text;
    for (const std::string& module : values.modules)
        text += fmt::format("load_module modules/{}.so; ", module);
    text += frame.front + (frame.front.empty() ? "" : " ");
    text += fmt::format("{}\n{}\n", fmt::join(values.text, "\n"), fmt::join(frame.behind, "\n"));
    return replace_all(std::move(text), placeholder, folder);
}

/// What nginx would print behind the level.
std::string printed(const Config& config, const Diagnostic& diagnostic) {
    const Span place = diagnostic.nginx_place;
    if (place.file.is_none())
        return diagnostic.message;
    return fmt::format("{} in {}:{}", diagnostic.message, config.sources().name(place.file),
                       config.sources().line_column(place.file, place.begin).line);
}

/// ` LINE: MESSAGE` of `MESSAGE in @FOLDER@/nginx.conf:LINE`; some messages name their place
/// themselves.
std::string line_first(const std::string& text) {
    const std::string in = fmt::format(" in {}/nginx.conf:", placeholder);
    const std::size_t at = text.rfind(in);
    const std::string line = at == std::string::npos ? "" : text.substr(at + in.size());
    if (line.empty() || line.find_first_not_of("0123456789") != std::string::npos)
        return ": " + escape(text);
    return fmt::format(" {}: {}", line, escape(text.substr(0, at)));
}

/// The warnings up to the first error, and that, as the files have them.
Lines our_answer(const std::string& text, const NginxBuild& build) {
    const std::string main_file = fmt::format("{}/nginx.conf", folder);
    MemoryFileSystem files;
    files.add(main_file, text);
    LoadOptions options;
    options.build = build;
    options.context = Context::main;
    options.prefix = fmt::format("{}/", folder);
    options.threads = 1;
    const Config config = load_config(files, main_file, options);
    Lines answer;
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        const std::string message = replace_all(printed(config, diagnostic), folder, placeholder);
        answer.push_back(fmt::format("{}{}", level_name(diagnostic.level), line_first(message)));
        if (diagnostic.level <= Level::error)
            return answer;
    }
    answer.emplace_back("ok");
    return answer;
}

std::string difference(const Case& values, const Lines& ours) {
    return fmt::format("{}: {}\n{}\nnginx:\n  {}\nours:\n  {}", values.place, values.name,
                       fmt::join(values.text, "\n"), fmt::join(values.answer, "\n  "),
                       fmt::join(ours, "\n  "));
}

TEST_CASE("values are judged as nginx judges them") {
    const std::map<std::string, Frame> frames = read_frames();
    const auto build = build_from_text(read(own_folder() / "nginx-V"));
    REQUIRE(build);
    std::size_t count = 0;
    for (const fs::path& path : case_files()) {
        for (const Case& values : read_cases(path)) {
            ++count;
            const Lines ours = our_answer(configuration(values, frames.at(values.frame)), *build);
            const bool same = ours == values.answer;
            CHECK_MESSAGE(same, difference(values, ours));
        }
    }
    CHECK(count > 0);
}

} // namespace
} // namespace upstream_lint
