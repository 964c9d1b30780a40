#include "host/curl_library.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <string>

namespace upstream_lint::test {

TEST_CASE("curl: a library that is missing, and one without the functions") {
    for (const std::string name : {"libcurl.so.none", "libc.so.6"}) {
        const auto library = load_curl(name.c_str());
        REQUIRE_FALSE(library);
        CHECK(library.error().code == ENOSYS);
        CHECK(library.error().object == name);
        CHECK(library.error().reason.find("libcurl4") != std::string::npos);
    }
}

TEST_CASE("curl: the library of this system, loaded once") {
    const auto& library = curl_library();
    REQUIRE(library);
    CHECK(&curl_library() == &library);
    CHECK(std::string(library->easy_strerror(CURLE_OK)).empty() == false);
}

} // namespace upstream_lint::test
