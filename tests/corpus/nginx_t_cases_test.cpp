// Compares what we say of small configurations with what nginx 1.22.1 said, as recorded in a file
// of cases. usage: nginx_t_cases_test [CASES]; ends with 77 where the file is not there.

#include "builds.hpp"
#include "nginx_message.hpp"
#include "our_answer.hpp"
#include "support/replace_all.hpp"
#include "upstream_lint/file_system.hpp"

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint::corpus {

namespace {

using test::replace_all;

namespace fs = std::filesystem;
using differential::Comparison;
using differential::MessageClass;
using differential::Refusal;

constexpr int skipped = 77;
constexpr std::string_view main_file = "/t/nginx.conf";

/// The file has a character of up to U+00FF for each byte.
std::string bytes_of(const std::string& utf8) {
    std::string bytes;
    for (std::size_t at = 0; at < utf8.size(); ++at) {
        const auto first = static_cast<unsigned char>(utf8[at]);
        if (first < 0x80 || at + 1 == utf8.size()) {
            bytes += utf8[at];
        } else {
            const auto second = static_cast<unsigned char>(utf8[++at]);
            bytes += static_cast<char>(
                static_cast<unsigned char>((first & 0x03U) << 6U | (second & 0x3fU)));
        }
    }
    return bytes;
}

/// nginx's first message that makes it refuse.
std::optional<Refusal> recorded_refusal(const nlohmann::json& recorded) {
    for (const auto& message : recorded.at("messages")) {
        const std::string level = message.at(0);
        if (level == "warn" || level == "notice" || level == "info")
            continue;
        std::string text = bytes_of(message.at(1));
        text = replace_all(replace_all(text, "FILE", main_file), "CONF_PREFIX", "/t");
        Refusal refusal = differential::split_place(text);
        refusal.level = level;
        return refusal;
    }
    return std::nullopt;
}

int run(int count, char** words) {
    const fs::path path =
        count > 1 ? fs::path(words[1])
                  : fs::path(UPSTREAM_LINT_SOURCE_DIR) / "../shared/reference/nginx-t-cases.json";
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        std::cout << "skipped: no recorded cases are here\n";
        return skipped;
    }
    const nlohmann::json cases = nlohmann::json::parse(in);
    const std::optional<NginxBuild> build = debian_12_plain_build();
    if (!build)
        return EXIT_FAILURE;
    std::size_t equal = 0;
    std::size_t differences = 0;
    for (const auto& recorded : cases) {
        MemoryFileSystem files;
        const std::string text = bytes_of(recorded.at("conf"));
        files.add(main_file, text);
        files.add_directory("/usr");
        const std::optional<Refusal> refusal = recorded_refusal(recorded);
        const MessageClass message_class =
            refusal ? differential::classify(*refusal, text) : MessageClass::value;
        const differential::OurAnswer ours =
            differential::ask_library(files, std::string(main_file), *build);
        const Comparison comparison = differential::compare(refusal, message_class, ours.refusal);
        if (comparison.equal)
            ++equal;
        if (comparison.difference.empty())
            continue;
        ++differences;
        std::cout << "DIFFERENCE " << recorded.at("case").get<std::string>() << ": "
                  << comparison.difference << "\n  nginx: " << differential::describe(refusal)
                  << "\n  ours:  " << differential::describe(ours.refusal) << '\n';
    }
    std::cout << cases.size() << " cases, " << equal << " equal, " << differences
              << " differences\n";
    return differences == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

} // namespace

} // namespace upstream_lint::corpus

int main(int count, char** words) {
    try {
        return upstream_lint::corpus::run(count, words);
    } catch (const std::exception& error) {
        std::cerr << "nginx_t_cases_test: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
