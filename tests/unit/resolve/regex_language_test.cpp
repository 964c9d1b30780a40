#include "random_pattern.hpp"
#include "regex/matcher.hpp"
#include "resolve/regex_language.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <optional>
#include <string>

namespace upstream_lint::test {
namespace {

LanguageBounds of(std::string_view pattern, Case letters = Case::sensitive) {
    return language_of_regex(pattern, letters);
}

struct Row {
    std::string_view pattern;
    std::string_view inside;
    std::string_view outside;
};

TEST_CASE("a pattern is found anywhere in a text, and its anchors hold") {
    constexpr Row rows[] = {
        {"b", "abc", "ac"},
        {"^/a", "/ab", "b/a"},
        {"a$", "ba", "ab"},
        {"a$", "a\n", "a\n\n"},
        {"a\\z", "a", "a\n"},
        {"a$\\n", "a\n", "a"},
        {"^a.c$", "abc", "a\nc"},
        {"^(?s)a.c$", "a\nc", "ac"},
        {"(?m)^a$", "b\na\nc", "ba"},
        {"\\bfoo\\b", "/foo.", "/food"},
        {"a^b|c", "xc", "ab"},
        {"(a|^)b", "b", "xb"},
        {"^/(?!api)", "/web", "/api/x"},
        {"^/(?!api/|admin)[^/]+$", "/api", "/admins"},
        {"(?<!\\.min)\\.js$", "/a.js", "/a.min.js"},
        {"^(?=.*b)(?=.*a)", "xayb", "xyb"},
        {"^(?:(?!//).)*$", "/a/b", "/a//b"},
        {"[^/]++/x", "ab/x", "ab/y"},
        {"a{2,3}+ab", "xaaaab", "aab"},
        {"[[:alpha:]]{2}", "ab", "a1b"},
        {"\\x{e4}", "\xe4", "a"},
        {"(?i)a(?-i)b", "Ab", "AB"},
        {"(?|(a)|b)\\11", "a\t", "aa"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.pattern);
        const LanguageBounds found = of(row.pattern);
        CHECK(found.is_exact());
        CHECK(found.upper.contains(row.inside));
        CHECK_FALSE(found.upper.contains(row.outside));
    }
    CHECK(of("a++a").upper.is_empty());
    CHECK(of("/A", Case::insensitive).upper == of("/[aA]").lower);
}

TEST_CASE("what is no regular language has bounds and a reason") {
    const LanguageBounds twice = of("^(a|b)\\1$");
    CHECK(twice.why_inexact == "`^(a|b)\\1$` has a back-reference");
    CHECK(twice.lower.is_empty());
    CHECK(twice.upper.contains("aa"));
    CHECK_FALSE(twice.upper.contains("c"));
    const LanguageBounds atomic = of("^/x$|^/y(?>a|ab)c");
    CHECK(atomic.lower.is_empty());
    CHECK(atomic.upper.contains("/yac"));
    CHECK_FALSE(atomic.upper.contains("/z"));
    const LanguageBounds verb = of("a(*ACCEPT)b");
    CHECK(verb.why_inexact == "`a(*ACCEPT)b` has a verb");
    CHECK(verb.lower.is_empty());
    CHECK(verb.upper == Language::everything());
    CHECK(of("^(?!(a)\\1)").upper.contains("ab"));
}

TEST_CASE("patterns that ask for too much end soon") {
    std::string words = "^/(?:w0";
    for (int i = 1; i < 10'000; ++i) {
        words += "|w" + std::to_string(i * 7919 % 10'000);
    }
    std::string groups;
    for (int i = 0; i < 240; ++i) {
        groups += "(?:(?=a.{9}b)";
    }
    groups += "a" + std::string(240, ')');
    std::string looks;
    for (int i = 0; i < 800; ++i) {
        looks += "(?!" + std::to_string(i) + ")";
    }
    for (const std::string& pattern :
         {std::string("/.*a.{18}"), std::string("((a{1,100}){1,100}){1,100}"),
          std::string("((a|b){0,200}c){0,200}"), words + ")$", words + ")",
          "/" + std::string(100'000, 'a'), "^/" + std::string(100'000, 'a') + "$",
          std::string(100'000, '{'), std::string("(.*a.{9}){9}"), groups, looks,
          std::string("^(?:(?!.*a.{12}).)*$"), std::string("(?<=a.{16})b"), std::string("(x+x+)+y"),
          std::string("(?:.{1,500}a){1,30}b")}) {
        CAPTURE(pattern.substr(0, 40));
        const auto before = std::chrono::steady_clock::now();
        const LanguageBounds found = of(pattern);
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - before;
        MESSAGE(pattern.substr(0, 40)
                << ": " << took.count() << " s, "
                << found.why_inexact.substr(found.why_inexact.rfind('`') + 1));
        CHECK(took.count() < 60);
    }
}

/// Whether PCRE2 finds the pattern; nothing where it gives up. As nginx does without `pcre_jit`: a
/// Matcher that is used again compiles further, and what 10.42 makes of `(?:b|)d*b` does not find
/// it in `b`.
std::optional<bool> is_found(const PatternAndText& made, Case letters) {
    switch (Matcher(made.pattern, letters).match(made.text)) {
    case Matcher::Outcome::matched:
        return true;
    case Matcher::Outcome::not_matched:
        return false;
    case Matcher::Outcome::failed:
        break;
    }
    return std::nullopt;
}

bool compiles(const std::string& pattern, Case letters) {
    std::optional<Regex> regex;
    return !Regex::compile(pattern, letters, RegexLibrary::pcre2, regex);
}

std::string bytes_of(std::string_view text) {
    std::string numbers;
    for (const char byte : text) {
        numbers += std::to_string(static_cast<unsigned char>(byte)) + ' ';
    }
    return numbers;
}

struct Count {
    std::size_t pairs = 0;
    std::size_t patterns = 0;
    std::size_t exact = 0;
    std::size_t matched = 0;
};

void compare(const PatternAndText& made, Case letters, RandomPattern& random, Count& count) {
    const LanguageBounds found = of(made.pattern, letters);
    ++count.patterns;
    count.exact += found.is_exact() ? 1U : 0U;
    if (found.is_exact()) {
        CHECK(found.lower == found.upper);
    }
    std::string example = found.upper.example().value_or("");
    for (int i = 0; i < 20; ++i) {
        const std::string text = i == 0 ? example : random.like(i % 3 == 0 ? example : made.text);
        const std::optional<bool> truth = is_found({made.pattern, text}, letters);
        if (!truth || text.find('\0') != std::string::npos) {
            continue;
        }
        ++count.pairs;
        count.matched += *truth ? 1U : 0U;
        const bool is_right = *truth ? found.upper.contains(text) : !found.lower.contains(text);
        if (!is_right) {
            CAPTURE(made.pattern);
            CAPTURE(bytes_of(text));
            CAPTURE((letters == Case::insensitive));
            CHECK((*truth ? found.upper : found.lower).contains(text) == *truth);
            return;
        }
    }
}

TEST_CASE("a text is in the language where PCRE2 finds the pattern") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(3000);
    Count count;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        RandomPattern random(choice);
        const PatternAndText made = random.next();
        const Case letters = choice.chance(25) ? Case::insensitive : Case::sensitive;
        if (made.pattern.find('\0') == std::string::npos && compiles(made.pattern, letters)) {
            CAPTURE(i);
            compare(made, letters, random, count);
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": "
                                  << count.patterns << " patterns, " << count.exact << " exact, "
                                  << count.pairs << " pairs, " << count.matched << " matched");
    CHECK(count.exact * 2 > count.patterns);
    CHECK(count.matched * 5 > count.pairs);
}

} // namespace
} // namespace upstream_lint::test
