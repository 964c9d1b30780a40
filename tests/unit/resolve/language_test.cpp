#include "resolve/automaton.hpp"
#include "resolve/language.hpp"
#include "resolve/language_bounds.hpp"
#include "resolve/regex_language.hpp"
#include "support/random_choice.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint::test {
namespace {

using Texts = std::vector<std::string_view>;

Language texts(const Texts& words) {
    const auto language = Language::of_texts(words);
    REQUIRE(language);
    return *language;
}

Language prefixes(const Texts& words) {
    const auto language = Language::of_prefixes(words);
    REQUIRE(language);
    return *language;
}

Language regex(std::string_view pattern) {
    const LanguageBounds bounds = language_of_regex(pattern, Case::sensitive);
    REQUIRE(bounds.is_exact());
    return bounds.upper;
}

TEST_CASE("texts and prefixes are in their languages, and nothing with a NUL") {
    CHECK(Language().is_empty());
    CHECK_FALSE(Language::everything().is_empty());
    CHECK(Language::everything().contains("\xff\n"));
    CHECK_FALSE(Language::everything().contains(std::string_view("a\0b", 3)));
    const Language two = texts({"/a", "/ab"});
    CHECK(two.contains("/ab"));
    CHECK_FALSE(two.contains("/abc"));
    CHECK_FALSE(two.contains("/"));
    const Language begun = prefixes({"/ab", "/a", "/a/b", "\xff"});
    CHECK(begun.contains("/axyz"));
    CHECK(begun.contains("\xff\x80"));
    CHECK_FALSE(begun.contains("/"));
    CHECK(begun == prefixes({"/a", "\xff"}));
    CHECK(prefixes({""}) == Language::everything());
    CHECK(texts({}).is_empty());
    CHECK(texts({std::string_view("a\0b", 3), "c"}) == texts({"c"}));
}

TEST_CASE("languages are equal however they were made") {
    CHECK(*subtract(prefixes({"/"}), prefixes({"/a"})) == regex("^/(?!a)"));
    CHECK(*unite(texts({"a"}), texts({"b"})) == regex("\\A[ab]\\z"));
    CHECK(*intersect(regex("a"), regex("b")) == regex("(?s)a.*b|b.*a"));
    CHECK(subtract(regex("^/x"), prefixes({"/"}))->is_empty());
    CHECK_FALSE(regex("a") == regex("b"));
}

TEST_CASE("an example is short and can be read") {
    CHECK(Language().example() == std::nullopt);
    CHECK(Language::everything().example() == "");
    CHECK(prefixes({"/app/"}).example() == "/app/");
    CHECK(regex("^/.+\\.php$").example() == "/a.php");
    CHECK(regex("^/[^a-z]+$").example() == "/0");
    CHECK(regex("^/[\\x01-\\x20\\x80-\\xff]{2}$").example() == "/\x01\x01");
    CHECK(regex("^(\\x01|/long/but/readable)\\z").example() == "/long/but/readable");
    CHECK(subtract(prefixes({"/"}), texts({"/"}))->example() == "/a");
}

TEST_CASE("what takes too many states is refused in time") {
    const auto begun = std::chrono::steady_clock::now();
    const Language left = regex("^(?:[^a]*a){2000}[^a]*$");
    const Language right = regex("^(?:[^b]*b){2000}[^b]*$");
    CHECK(intersect(left, right) == std::nullopt);
    CHECK(unite(left, right) == std::nullopt);
    const std::string long_word(Automaton::max_transitions, 'a');
    CHECK(Language::of_texts(Texts{long_word}) == std::nullopt);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    MESSAGE(took.count() << " s");
    CHECK(took.count() < 60);
}

TEST_CASE("bounds keep to the side that is true") {
    const LanguageBounds big = exactly(regex("^(?:[^a]*a){2000}[^a]*$"));
    const LanguageBounds other = exactly(regex("^(?:[^b]*b){2000}[^b]*$"));
    const LanguageBounds both = intersect(big, other);
    CHECK(both.why_inexact == "too many states");
    CHECK(both.lower.is_empty());
    CHECK(both.upper == big.upper);
    CHECK(unite(big, other).upper == Language::everything());

    const LanguageBounds vague = language_of_regex("^/(a|b)\\1", Case::sensitive);
    const LanguageBounds rest = subtract(exactly(prefixes({"/"})), vague);
    CHECK(rest.lower.contains("/c"));
    CHECK_FALSE(rest.lower.contains("/ab"));
    CHECK(rest.upper.contains("/ab"));
    CHECK(rest.why_inexact == vague.why_inexact);
    CHECK(subtract(exactly(texts({"/c"})), vague).upper == texts({"/c"}));
}

std::string random_text(RandomChoice& choice) {
    std::string text;
    for (std::size_t length = choice.below(7); length > 0; --length) {
        text += choice.pick(std::string_view("ab/\n\xff"));
    }
    return text;
}

/// Some words, what they make, and whether it begins with them.
struct Words {
    std::vector<std::string> words;
    bool are_prefixes = false;

    [[nodiscard]] Language language() const {
        const Texts views(words.begin(), words.end());
        return are_prefixes ? prefixes(views) : texts(views);
    }

    [[nodiscard]] bool has(const std::string& text) const {
        return std::ranges::any_of(words, [&](const std::string& word) {
            return are_prefixes ? text.starts_with(word) : text == word;
        });
    }
};

Words random_words(RandomChoice& choice) {
    Words made;
    made.are_prefixes = choice.chance(50);
    for (std::size_t count = choice.below(6); count > 0; --count) {
        made.words.push_back(random_text(choice));
    }
    return made;
}

TEST_CASE("operations on languages are operations on sets") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(3000);
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases);
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomChoice choice(seed * 1'000'003 + i);
        const Words left = random_words(choice);
        const Words right = random_words(choice);
        const auto both = intersect(left.language(), right.language());
        const auto either = unite(left.language(), right.language());
        const auto only_left = subtract(left.language(), right.language());
        CAPTURE(i);
        REQUIRE(*unite(*only_left, *both) == left.language());
        for (int j = 0; j < 10; ++j) {
            const std::string text = random_text(choice);
            REQUIRE(both->contains(text) == (left.has(text) && right.has(text)));
            REQUIRE(either->contains(text) == (left.has(text) || right.has(text)));
            REQUIRE(only_left->contains(text) == (left.has(text) && !right.has(text)));
        }
        const auto example = only_left->example();
        REQUIRE(example.has_value() != only_left->is_empty());
        REQUIRE((!example || (left.has(*example) && !right.has(*example))));
    }
}

} // namespace
} // namespace upstream_lint::test
