#include "facts/unit_names.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint::test {

TEST_CASE("units that may make a socket") {
    CHECK(units_for_path("/run/gunicorn.sock") ==
          std::vector<std::string>{"gunicorn.service", "gunicorn.socket"});
    CHECK(units_for_path("/run/shop/app.socket") ==
          std::vector<std::string>{"app.service", "app.socket", "shop.service", "shop.socket"});
    CHECK(units_for_path("/run/a*[b").empty());
    CHECK(units_for_path("none").empty());
}

} // namespace upstream_lint::test
