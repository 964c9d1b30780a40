#include "resolve/assumptions.hpp"

#include <array>
#include <doctest/doctest.h>

namespace upstream_lint {

TEST_CASE("all combinations of answers are walked once") {
    const std::array colours = {std::string("red"), std::string("green"), std::string("blue")};
    Assumptions assumptions;
    std::set<std::vector<std::string>> seen;
    std::size_t walks = 0;
    do {
        ++walks;
        if (assumptions.choose("colour", colours) != 0) {
            (void)assumptions.holds("it is large", "it is small");
        }
        seen.insert(assumptions.made());
    } while (assumptions.next_branch());
    CHECK(walks == 5);
    CHECK(seen.size() == 5);
    CHECK(seen.contains({"red"}));
    CHECK(seen.contains({"blue", "it is small"}));
}

TEST_CASE("a question asked again has the same answer and is no further branch") {
    Assumptions assumptions;
    std::size_t walks = 0;
    do {
        ++walks;
        const bool first = assumptions.holds("a", "not a");
        CHECK(assumptions.holds("a", "not a") == first);
        CHECK(assumptions.made().size() == 1);
    } while (assumptions.next_branch());
    CHECK(walks == 2);
}

TEST_CASE("what is equal to one text is not equal to another") {
    Assumptions assumptions;
    std::size_t walks = 0;
    do {
        ++walks;
        if (assumptions.equals("$cookie_a", "x")) {
            CHECK_FALSE(assumptions.equals("$cookie_a", "y"));
            REQUIRE(assumptions.value_of("$cookie_a") != nullptr);
            CHECK(*assumptions.value_of("$cookie_a") == "x");
        } else {
            CHECK_FALSE(assumptions.equals("$cookie_a", "x"));
            (void)assumptions.equals("$cookie_a", "y");
        }
    } while (assumptions.next_branch());
    CHECK(walks == 3);
}

} // namespace upstream_lint
