#include "resolve/location_search.hpp"
#include "support/read_model.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

/// The name of the location, with `/` behind it for a redirect; `server` for none.
std::string answer(const Model& model, std::string_view uri) {
    LocationRegexes regexes(model);
    const LocationMatch match = find_location(model, regexes, ServerId{0}, uri);
    if (match.kind == LocationMatch::Kind::failed)
        return "failed";
    const Location& location = model.location(match.location);
    const std::string name =
        location.kind == Location::Kind::server ? "server" : std::string(location.name);
    return match.kind == LocationMatch::Kind::redirect ? "301 " + name : name;
}

TEST_CASE("an exact location, then the longest prefix unless a pattern matches") {
    const Model model =
        test::read_server("location / {} location = /a {} location /a/ {}\n"
                          "location ^~ /a/b/ {} location ~ \\.php$ {} location ~* \\.JPG$ {}");
    CHECK(answer(model, "/a") == "/a");
    CHECK(answer(model, "/a/c") == "/a/");
    CHECK(answer(model, "/a/c.php") == "\\.php$");
    CHECK(answer(model, "/a/b/c.php") == "/a/b/");
    CHECK(answer(model, "/x.jpg") == "\\.JPG$");
    CHECK(answer(model, "/x") == "/");
    CHECK(answer(model, "x") == "server");
}

TEST_CASE("nested patterns come before those around, also behind a nested ^~") {
    const Model model = test::read_server(
        "location /a/ { location ~ x { } location ^~ /a/b/ { location ~ y {} } }\n"
        "location ~ z {} location ~ x$ {}");
    CHECK(answer(model, "/a/x") == "x");
    CHECK(answer(model, "/a/b/x") == "x$");
    CHECK(answer(model, "/a/b/y") == "y");
    CHECK(answer(model, "/a/b/z") == "z");
    CHECK(answer(model, "/a/c") == "/a/");
}

TEST_CASE("a missing slash is redirected where requests are passed on, before patterns") {
    const Model model = test::read_server("location /app/ { proxy_pass http://127.0.0.1:81; }\n"
                                          "location ~ app {}");
    CHECK(answer(model, "/app") == "301 /app/");
    CHECK(answer(model, "/app/x") == "app");
}

} // namespace
} // namespace upstream_lint
