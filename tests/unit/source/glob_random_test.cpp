#include "random_tree.hpp"
#include "source/name_pattern.hpp"
#include "upstream_lint/host.hpp"

#include <doctest/doctest.h>
#include <fnmatch.h>
#include <glob.h>

namespace upstream_lint::test {
namespace {

constexpr std::size_t patterns_per_tree = 60;

std::vector<std::string> system_glob(const std::string& pattern) {
    glob_t found{};
    std::vector<std::string> paths;
    if (::glob(pattern.c_str(), 0, nullptr, &found) == 0)
        paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    return paths;
}

std::string random_bracket(RandomChoice& choice) {
    static constexpr std::string_view pieces[] = {
        "a", "b",  "-",         "]",         "[",     "!",     "^",     "\\",    ".",
        "*", "?",  "a-b",       "!-b",       "[:",    ":]",    "[=a=]", "[.a.]", "[.",
        "-", "a-", "[:alpha:]", "[:punct:]", "[:a:]", "[.-.]", "[=",    "\\]",   "[.].]"};
    std::string text = choice.chance(90) ? "[" : "[[";
    if (choice.chance(25))
        text += choice.chance(50) ? '!' : '^';
    const std::size_t count = choice.below(4);
    for (std::size_t i = 0; i < count; ++i)
        text += choice.pick(pieces);
    return choice.chance(85) ? text + ']' : text;
}

std::string random_piece(RandomChoice& choice) {
    switch (choice.below(8)) {
    case 0:
    case 1:
        return "*";
    case 2:
        return "?";
    case 3:
    case 4:
        return random_bracket(choice);
    case 5:
        return std::string("\\") + choice.pick(std::string_view("ab.*[]\\-?!"));
    default:
        return std::string(1, choice.pick(std::string_view("aaabb.[]\\-!")));
    }
}

std::string with_backslashes(std::string_view name) {
    std::string text;
    for (const char byte : name) {
        if (std::string_view("*?[\\").find(byte) != std::string_view::npos)
            text += '\\';
        text += byte;
    }
    return text;
}

std::string random_component(RandomChoice& choice, const std::vector<std::string>& names) {
    if (choice.chance(5))
        return choice.chance(50) ? "." : "..";
    if (choice.chance(25))
        return "*";
    if (!names.empty() && choice.chance(30))
        return choice.chance(70) ? with_backslashes(choice.pick(names)) : choice.pick(names);
    std::string text;
    const std::size_t count = 1 + choice.below(4);
    for (std::size_t i = 0; i < count; ++i)
        text += random_piece(choice);
    return text;
}

std::string random_pattern(RandomChoice& choice, const RandomTree& tree) {
    std::string pattern = tree.top();
    const std::size_t count = 1 + choice.below(3);
    for (std::size_t i = 0; i < count; ++i) {
        pattern += choice.chance(92) ? "/" : choice.chance(50) ? "//" : "\\/";
        pattern += random_component(choice, tree.names());
    }
    if (choice.chance(12))
        pattern += choice.chance(70) ? "/" : choice.chance(50) ? "//" : "\\/";
    return pattern;
}

std::vector<std::string> our_glob(const FileSystem& files, const std::string& pattern) {
    Result<std::vector<std::string>> found = glob(files, pattern);
    REQUIRE(found);
    return std::move(found).value();
}

std::string lines(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths)
        text += path + '\n';
    return text;
}

} // namespace

TEST_CASE("glob finds what glob(3) finds, on disk and in memory") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(3000);
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases);
    const std::shared_ptr<const FileSystem> disk = real_file_system();
    std::size_t with_matches = 0;
    for (std::uint64_t done = 0; done < cases; done += patterns_per_tree) {
        RandomChoice choice(seed * 1'000'003 + done);
        const RandomTree tree(choice);
        for (std::size_t i = 0; i < patterns_per_tree; ++i) {
            const std::string pattern = random_pattern(choice, tree);
            CAPTURE(done);
            CAPTURE(pattern);
            const std::vector<std::string> expected = system_glob(pattern);
            with_matches += expected.empty() ? 0U : 1U;
            CHECK(lines(our_glob(*disk, pattern)) == lines(expected));
            CHECK(lines(our_glob(tree.memory(), pattern)) == lines(expected));
        }
    }
    CHECK(with_matches * 5 > cases); // else the patterns are too strange to test anything
}

TEST_CASE("names match as fnmatch(3) says") {
    RandomChoice choice(setting("UPSTREAM_LINT_SEED", 1));
    const std::uint64_t cases = 20 * random_cases(3000);
    std::size_t matching = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        std::string pattern;
        const std::size_t pieces = 1 + choice.below(5);
        for (std::size_t piece = 0; piece < pieces; ++piece)
            pattern += random_piece(choice);
        const std::string name = RandomTree::random_name(choice);
        const bool expected = ::fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD) == 0;
        matching += expected ? 1U : 0U;
        CAPTURE(pattern);
        CAPTURE(name);
        REQUIRE(NamePattern(pattern).matches(name) == expected);
    }
    CHECK(matching * 20 > cases);
}

TEST_CASE("odd patterns match as fnmatch(3) says") {
    // Each of these once told an implementation from glibc's.
    constexpr std::string_view patterns[] = {
        "[[[",    "[a",           "[a[",       "[!",      "[",          "[]",       "[]]",
        "[\\",    "[a\\",         "\\",        "a\\",     "*?[.]",      "*[.]",     "?[.]",
        "*?[!a]", "*?[^[.-.][]*", "**?*[.]*",  "[.]*",    "[!a]*",      "[[.a.]-]", "[[.a.]-",
        "[a-",    "[a-]",         "[[=a=]-b]", "[[:z:]]", "[[:alpha:]", "[a[=]",    "[a[.]"};
    constexpr std::string_view names[] = {"a",  "b",  "[",  "[[[", "[a",  "[a[", "]",
                                          ".",  "..", "a.", ".a",  "a.b", "aa.", "-",
                                          "[!", "[]", ":",  "\\",  "[a-", "ab"};
    for (const std::string_view pattern : patterns) {
        for (const std::string_view name : names) {
            CAPTURE(pattern);
            CAPTURE(name);
            CHECK(NamePattern(pattern).matches(name) ==
                  (::fnmatch(std::string(pattern).c_str(), std::string(name).c_str(), FNM_PERIOD) ==
                   0));
        }
    }
}

TEST_CASE("every byte is in a bracket expression when fnmatch(3) says so") {
    for (const std::string_view pattern : {"[[:alnum:]]",
                                           "[[:alpha:]]",
                                           "[[:blank:]]",
                                           "[[:cntrl:]]",
                                           "[[:digit:]]",
                                           "[[:graph:]]",
                                           "[[:lower:]]",
                                           "[[:print:]]",
                                           "[[:punct:]]",
                                           "[[:space:]]",
                                           "[[:upper:]]",
                                           "[[:xdigit:]]",
                                           "[a-z]",
                                           "[^a-z]",
                                           "[!-~]",
                                           "[\x80-\xff]",
                                           "[z-a]",
                                           "[[.a.]-[.f.]]",
                                           "[[=x=]y]",
                                           "[!]]",
                                           "[]-a]",
                                           "[a-\\]]",
                                           "[[:nonsense:]]",
                                           "[[::]]",
                                           "[[.ab.]]",
                                           "[\\a-\\c]",
                                           "?",
                                           "*"}) {
        for (int byte = 1; byte < 256; ++byte) {
            const std::string name(1, static_cast<char>(byte));
            CAPTURE(pattern);
            CAPTURE(byte);
            CHECK(NamePattern(pattern).matches(name) ==
                  (::fnmatch(std::string(pattern).c_str(), name.c_str(), FNM_PERIOD) == 0));
        }
    }
}

} // namespace upstream_lint::test
