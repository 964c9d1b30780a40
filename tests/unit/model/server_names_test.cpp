#include "model/server_names.hpp"

#include <doctest/doctest.h>

namespace upstream_lint {
namespace {

constexpr auto none = ServerNameTable::none;

TEST_CASE("an exact name comes before wildcards, a longer one before a shorter") {
    ServerNameTable names;
    CHECK(names.add("a.example", 1));
    CHECK(names.add("*.example", 2));
    CHECK(names.add("*.b.example", 3));
    CHECK(names.add("www.*", 4));
    CHECK(names.add("www.b.*", 5));
    CHECK(names.add("", 6));
    CHECK(names.find("a.example") == 1);
    CHECK(names.find("x.example") == 2);
    CHECK(names.find("x.y.example") == 2);
    CHECK(names.find("x.b.example") == 3);
    CHECK(names.find("b.example") == 2);
    CHECK(names.find("example") == none);
    CHECK(names.find("www.c.test") == 4);
    CHECK(names.find("www.b.test") == 5);
    CHECK(names.find("www") == none);
    CHECK(names.find("") == 6);
}

TEST_CASE("a domain with its subdomains is one name, taken as a whole or not") {
    ServerNameTable names;
    CHECK(names.add(".example", 1));
    CHECK(names.find("example") == 1);
    CHECK(names.find("x.example") == 1);
    CHECK_FALSE(names.add("example", 2));
    CHECK_FALSE(names.add("*.example", 2));

    ServerNameTable first_exact;
    CHECK(first_exact.add("example", 1));
    CHECK_FALSE(first_exact.add(".example", 2));
    CHECK(first_exact.find("x.example") == none);

    ServerNameTable first_wildcard;
    CHECK(first_wildcard.add("*.example", 1));
    CHECK_FALSE(first_wildcard.add(".example", 2));
    CHECK(first_wildcard.find("example") == none);
    CHECK_FALSE(first_wildcard.add("example", 3));
}

} // namespace
} // namespace upstream_lint
