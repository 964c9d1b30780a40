#include "render/secret.hpp"

#include <doctest/doctest.h>
#include <vector>

using namespace upstream_lint;

TEST_CASE("what a name says is secret is hidden") {
    for (const char* name : {"Authorization", "Proxy-Authorization", "HTTP_AUTHORIZATION", "Cookie",
                             "X-Api-Key", "api_key", "X-Auth-Token", "$db_password", "SECRET"}) {
        CAPTURE(name);
        CHECK(without_secret(name, "abc") == "[hidden]");
        CHECK(without_secret(name, "") == "");
    }
    for (const char* name : {"Host", "X-Real-IP", "SCRIPT_FILENAME", "X-Key", "Accept"}) {
        CAPTURE(name);
        CHECK(without_secret(name, "abc") == "abc");
    }
}
