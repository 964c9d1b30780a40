#include "config/value.hpp"

#include <doctest/doctest.h>
#include <limits>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Parsed = std::optional<std::int64_t>;

struct NumberCase {
    std::string text;
    Parsed value;
};

TEST_CASE("a number is digits alone") {
    const std::vector<NumberCase> cases = {
        {"0", 0},
        {"007", 7},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"9223372036854775808", {}},
        {"92233720368547758070", {}},
        {"", {}},
        {"-1", {}},
        {"1k", {}},
        {" 1", {}}};
    for (const NumberCase& wanted : cases) {
        CAPTURE(wanted.text);
        CHECK(parse_number(wanted.text) == wanted.value);
    }
}

TEST_CASE("a size has k or m behind it, an offset g too") {
    const std::vector<NumberCase> sizes = {{"8k", 8192},
                                           {"1M", 1048576},
                                           {"1K", 1024},
                                           {"12m", 12582912},
                                           {"1g", {}},
                                           {"k", {}},
                                           {"1kk", {}},
                                           {"8796093022207m", 9223372036853727232},
                                           {"8796093022208m", {}}};
    for (const NumberCase& wanted : sizes) {
        CAPTURE(wanted.text);
        CHECK(parse_size(wanted.text) == wanted.value);
    }
    CHECK(parse_offset("2g") == 2147483648);
    CHECK(parse_offset("2G") == 2147483648);
    CHECK(parse_offset("9223372036854775807g") == std::nullopt);
}

TEST_CASE("the units of a time descend, each once") {
    const std::vector<NumberCase> seconds = {
        {"1", 1},        {"1s", 1},        {"2m", 120},     {"1h 30m", 5400}, {"1h30m", 5400},
        {"1h30", 3630},  {"1y", 31536000}, {"1M", 2592000}, {"1w2d", 777600}, {"5 3", 8},
        {"1d h", 86400}, {"h1", 1},        {" 5", 5},       {"5 ", 5},        {"5s5", 10},
        {"30m 1h", {}},  {"1h1h", {}},     {"5 3s", {}},    {" 5s", {}},      {"1ms", {}},
        {"h", {}},       {" ", {}},        {"", {}},        {"1x", {}},       {"-1", {}},
        {"1.5s", {}}};
    for (const NumberCase& wanted : seconds) {
        CAPTURE(wanted.text);
        CHECK(parse_time(wanted.text, TimeUnit::seconds) == wanted.value);
    }
    const std::vector<NumberCase> milliseconds = {
        {"1", 1000}, {"1s500ms", 1500}, {"500ms", 500}, {"1w", 604800000},          {"1y", {}},
        {"1M", {}},  {"500ms 1", 1500}, {"1ms1s", {}},  {"9223372036854775807", {}}};
    for (const NumberCase& wanted : milliseconds) {
        CAPTURE(wanted.text);
        CHECK(parse_time(wanted.text, TimeUnit::milliseconds) == wanted.value);
    }
}

TEST_CASE("a number with a decimal point has so many digits behind it") {
    CHECK(parse_fixed_point("10.5", 2) == 1050);
    CHECK(parse_fixed_point("10", 2) == 1000);
    CHECK(parse_fixed_point(".5", 1) == 5);
    CHECK(parse_fixed_point("1.555", 2) == std::nullopt);
    CHECK(parse_fixed_point("1.5.5", 2) == std::nullopt);
    CHECK(parse_fixed_point("", 2) == std::nullopt);
    CHECK(parse_fixed_point("x", 2) == std::nullopt);
}

TEST_CASE("hexadecimal digits in either case") {
    CHECK(parse_hexadecimal("fF") == 255);
    CHECK(parse_hexadecimal("0") == 0);
    CHECK(parse_hexadecimal("g") == std::nullopt);
    CHECK(parse_hexadecimal("") == std::nullopt);
}

} // namespace
} // namespace upstream_lint
