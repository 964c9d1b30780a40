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
    CHECK(failure_of("(?<a}b>c)", RegexLibrary::pcre) ==
          "pcre_compile() failed: syntax error in subpattern name (missing terminator) in "
          "\"(?<a}b>c)\" at \"}b>c)\"");
    CHECK(failure_of("(?':)", RegexLibrary::pcre) ==
          "pcre_compile() failed: syntax error in subpattern name (missing terminator) in "
          "\"(?':)\" at \":)\"");
    CHECK(failure_of("(?<>a)", RegexLibrary::pcre) ==
          "pcre_compile() failed: unrecognized character after (?< in \"(?<>a)\" at \">a)\"");
    CHECK(failure_of("(?P>", RegexLibrary::pcre) ==
          "pcre_compile() failed: subpattern name expected in \"(?P>\"");
}

} // namespace upstream_lint
