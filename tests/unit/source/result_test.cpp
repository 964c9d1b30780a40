#include "upstream_lint/result.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <memory>
#include <string>

namespace upstream_lint {

TEST_CASE("an error reads as nginx gives it") {
    CHECK(describe(system_error(ENOENT, "open()", "/etc/x")) ==
          "open() \"/etc/x\" failed (2: No such file or directory)");
    CHECK(describe(system_error(EISDIR, "pread()", "/etc")) ==
          "pread() \"/etc\" failed (21: Is a directory)");
    CHECK(describe(system_error(99999, "open()", "/x")) ==
          "open() \"/x\" failed (99999: Unknown error 99999)");
    CHECK(describe({0, "read()", "/x", "larger than 2 GiB"}) ==
          "read() \"/x\" failed (larger than 2 GiB)");
    CHECK(describe({0, "getcwd()", "", "gone"}) == "getcwd() failed (gone)");
}

TEST_CASE("a result is a value or an error") {
    const Result<int> value = 3;
    CHECK(value);
    CHECK(value.has_value());
    CHECK(*value == 3);
    CHECK_THROWS_AS((void)value.error(), std::bad_variant_access);

    const Result<std::string> failure = system_error(EACCES, "open()", "/x");
    CHECK_FALSE(failure);
    CHECK(failure.error().code == EACCES);
    CHECK_THROWS_AS((void)failure.value(), std::bad_variant_access);

    Result<std::unique_ptr<int>> owner = std::make_unique<int>(4);
    const std::unique_ptr<int> taken = std::move(owner).value();
    CHECK(*taken == 4);
}

} // namespace upstream_lint
