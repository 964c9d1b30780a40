#include "resolve/uri_escape.hpp"

#include <doctest/doctest.h>

namespace upstream_lint {

TEST_CASE("what is escaped depends on where it goes") {
    CHECK(escape_uri("/a b%?#&+;\x7f\xc3", Escape::uri) == "/a%20b%25%3F%23&+;%7F%C3");
    CHECK(escape_uri("/a b%?#&+;", Escape::args) == "/a%20b%25%3F%23%26%2B%3B");
    CHECK(escape_uri("/a b%?#\x7f", Escape::memcached) == "/a%20b%25?#\x7f");
}

TEST_CASE("a redirect loses the escapes that need not be") {
    CHECK(unescape_redirect("/%41%2F%20%25%3a") == "/A/%20%25:");
    CHECK(unescape_redirect("/%41?%41") == "/A?%41");
    CHECK(unescape_redirect("/%3F%41") == "/?%41");
    CHECK(unescape_redirect("/%g1%4") == "/g1");
    CHECK(unescape_redirect("/%4g1") == "/1");
}

} // namespace upstream_lint
