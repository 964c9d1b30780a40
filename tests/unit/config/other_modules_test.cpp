#include "said.hpp"
#include "support/print_lines.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>

/// Of modules outside nginx, which the random comparisons meet seldom; nginx 1.22.1 with Debian's
/// objects said so.
namespace upstream_lint {
namespace {

using test::Lines;

Lines said_by_debian(const std::string& text) {
    LoadOptions options;
    options.build = official_build({1, 22, 1});
    return test::said_of(text, std::move(options));
}

TEST_CASE("fancyindex hides the path only where a header is given") {
    const auto said = [](const std::string& body) {
        return said_by_debian(
            "load_module modules/ngx_http_fancyindex_module.so;\nevents {}\nhttp {\n" + body +
            "\n}");
    };
    const std::string message =
        "FancyIndex : cannot set show_path to off without providing a custom header !";
    CHECK(said("fancyindex_show_path off; server { listen 81; location / {} } server { listen 82; "
               "}") == Lines{message + "@5"});
    CHECK(said("fancyindex_show_path off; fancyindex_header /h; server { listen 81; }") == Lines{});
    CHECK(said("server { listen 81; fancyindex_show_path off; fancyindex_header \"\"; }") ==
          Lines{message + "@5"});
}

TEST_CASE("nchan's jitter is less than one") {
    const auto said = [](const std::string& value) {
        return said_by_debian(
            "load_module modules/ngx_nchan_module.so;\nevents {}\nhttp { upstream u {\n"
            "nchan_redis_cluster_check_interval_jitter " +
            value + "; server 127.0.0.1; } }");
    };
    const std::string directive = "\"nchan_redis_cluster_check_interval_jitter\" directive ";
    for (const char* const value : {"0", "0.99", ".5", "0.12345678901234567890123"}) {
        CAPTURE(value);
        CHECK(said(value) == Lines{});
    }
    for (const char* const value : {"1", "1.", "5.5", "1000000000000000000"}) {
        CAPTURE(value);
        CHECK(said(value) == Lines{directive + "jitter multiplier cannot exceed 1@4"});
    }
    for (const char* const value : {".", "1.0.1", "x", "-1", "9223372036854775807"}) {
        CAPTURE(value);
        CHECK(said(value) ==
              Lines{directive + "invalid value, must be a non-negative floating-point number@4"});
    }
}

} // namespace
} // namespace upstream_lint
