#include "regex/matcher.hpp"
#include "regex/pattern_filter.hpp"
#include "unit/resolve/random_pattern.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint::test {
namespace {

std::string beginning(const char* pattern) {
    return literal_beginning(pattern, Case::sensitive);
}

TEST_CASE("what a pattern begins with is known where it is plain") {
    CHECK(beginning("^/api/v1\\.0/(\\d+)$") == "/api/v1.0/");
    CHECK(beginning("^/a+b") == "/a");
    CHECK(beginning("^/ab?c") == "/a");
    CHECK(beginning("^/ab{0,2}") == "/a");
    CHECK(beginning("^/x(?<n>a|b)[|]") == "/x");
    CHECK(beginning("^/x[]|]a") == "/x");
    for (const char* pattern : {"/a", "^/a|^/b", "^(a)", "^a?", "^/a[)]|b", "^\\d", "^/a(?#()|/b",
                                "^a(?x) #(\n|b", "^\\Qa(\\E|b", "(?m)^a"}) {
        CAPTURE(pattern);
        CHECK(beginning(pattern) == "");
    }
    CHECK(literal_beginning("^/a", Case::insensitive).empty());
}

TEST_CASE("a text that a pattern matches begins as the pattern does") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(20'000);
    std::size_t matched = 0;
    std::size_t known = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        RandomPattern random(choice);
        PatternAndText made = random.next();
        if (choice.chance(50)) {
            made.pattern.insert(0, choice.chance(50) ? "^" : "^/a");
            made.text.insert(0, choice.chance(50) ? "/a" : "");
        }
        const std::string begins = beginning(made.pattern.c_str());
        if (made.pattern.find('\0') != std::string::npos || begins.empty()) {
            continue;
        }
        ++known;
        Matcher matcher(made.pattern, Case::sensitive);
        for (const std::string& text : {made.text, random.like(made.text)}) {
            if (matcher.match(text) == Matcher::Outcome::matched) {
                CAPTURE(made.pattern);
                CAPTURE(text);
                ++matched;
                REQUIRE(text.starts_with(begins));
            }
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": " << known
                                  << " beginnings, " << matched << " texts that match");
    CHECK(matched * 20 > cases);
}

TEST_CASE("patterns that are left come in their order") {
    PatternFilter filter;
    for (const char* pattern : {"^/b", "x", "^/a/b", "^/a", "^/a/b", "^/c|d"}) {
        filter.add(pattern, Case::sensitive);
    }
    filter.add("^/A", Case::insensitive);
    using Indices = std::vector<std::uint32_t>;
    CHECK(filter.candidates("/a/bc") == Indices{1, 2, 3, 4, 5, 6});
    CHECK(filter.candidates("/b") == Indices{0, 1, 5, 6});
    CHECK(filter.candidates("") == Indices{1, 5, 6});
}

} // namespace
} // namespace upstream_lint::test
