#include "facts/time_text.hpp"
#include "support/random_choice.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>

namespace upstream_lint {

TEST_CASE("times are written in UTC") {
    CHECK(rfc3339_text(0) == "1970-01-01T00:00:00Z");
    CHECK(rfc3339_text(-1) == "1969-12-31T23:59:59Z");
    CHECK(rfc3339_text(951'782'400) == "2000-02-29T00:00:00Z");
    CHECK(rfc3339_text(1'795'369'200) == "2026-11-22T17:40:00Z");
    CHECK(rfc3339_text(4'107'542'400) == "2100-03-01T00:00:00Z");
    CHECK(rfc3339_text(std::numeric_limits<UnixTime>::max()) == "9999-12-31T23:59:59Z");
    CHECK(rfc3339_text(std::numeric_limits<UnixTime>::min()) == "0000-01-01T00:00:00Z");
}

TEST_CASE("times are read with any offset") {
    CHECK(parse_rfc3339("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_rfc3339("1970-01-01t01:00:00.123456789+01:00") == 0);
    CHECK(parse_rfc3339("1969-12-31T23:30:00-00:30") == 0);
    CHECK(parse_rfc3339("1969-12-31T23:59:60Z") == 0);
    CHECK(parse_rfc3339("0001-01-01T00:00:00Z") == -62'135'596'800);
}

TEST_CASE("what is no time is none") {
    for (const char* text :
         {"", "1970", "1970-13-01T00:00:00Z", "1970-00-01T00:00:00Z", "1970-02-29T00:00:00Z",
          "1970-01-01T24:00:00Z", "1970-01-01T00:00:00", "1970-01-01T00:00:00.Z",
          "1970-01-01T00:00:00Zx", "1970-01-01T00:00:00+1:00", "x970-01-01T00:00:00Z"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_rfc3339(text));
    }
}

TEST_CASE("each written time reads back") {
    const std::uint64_t seed = test::setting("UPSTREAM_LINT_SEED", 1);
    test::RandomChoice choice(seed);
    MESSAGE("seed ", seed);
    for (int i = 0; i < 20'000; ++i) {
        const UnixTime time = static_cast<UnixTime>(choice.below(315'569'520'000)) - 62'167'219'200;
        CAPTURE(time);
        REQUIRE(parse_rfc3339(rfc3339_text(time)) == time);
    }
}

} // namespace upstream_lint
