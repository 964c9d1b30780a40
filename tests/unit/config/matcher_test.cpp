#include "regex/matcher.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

TEST_CASE("a match tells where its groups stand") {
    Matcher matcher("^/(a+)(b)?(.*)$", Case::sensitive);
    for (int round = 0; round < 3; ++round) { // compiled further when it is used again
        REQUIRE(matcher.match("/aac") == Matcher::Outcome::matched);
        const auto groups = matcher.groups();
        REQUIRE(groups.size() == 4);
        CHECK(groups[1].begin == 1);
        CHECK(groups[1].end == 3);
        CHECK(groups[2].begin == Matcher::Group::none);
        CHECK(groups[3].end == 4);
        CHECK(matcher.match("/AAC") == Matcher::Outcome::not_matched);
        CHECK(matcher.groups().empty());
    }
    CHECK(Matcher("^/A", Case::insensitive).match("/a") == Matcher::Outcome::matched);
}

TEST_CASE("a pattern that goes back too often fails, and matches nothing") {
    Matcher matcher("^(a+)+$", Case::sensitive);
    const std::string text = std::string(40, 'a') + "!";
    CHECK(matcher.match(text) == Matcher::Outcome::failed);
    CHECK(matcher.groups().empty());
}

} // namespace
} // namespace upstream_lint
