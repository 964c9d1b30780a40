#include "regex/regex.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

std::string failure_of(const std::string& pattern, RegexLibrary library) {
    std::optional<Regex> regex;
    const auto failure = Regex::compile(pattern, Case::sensitive, library, regex);
    CHECK(failure.has_value() != regex.has_value());
    return failure ? failure->message : std::string();
}

} // namespace

TEST_CASE("a pattern ends at a NUL byte for PCRE, and goes on for PCRE2") {
    const std::string pattern("(a\0)", 4);
    CHECK(failure_of(pattern, RegexLibrary::pcre2).empty());
    CHECK(failure_of(pattern, RegexLibrary::pcre) ==
          "pcre_compile() failed: missing ) in \"" + pattern + "\" at \"\"");
}

TEST_CASE("what does not compile is said in the words of the library") {
    CHECK(failure_of("(", RegexLibrary::pcre2) ==
          "pcre2_compile() failed: missing closing parenthesis in \"(\"");
    CHECK(failure_of("*", RegexLibrary::pcre) ==
          "pcre_compile() failed: nothing to repeat in \"*\" at \"*\"");
}

} // namespace upstream_lint
