#include "resolve/request_target.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>

namespace upstream_lint {
namespace {

std::optional<std::string> uri_of(std::string_view target, bool merge_slashes = true) {
    const auto parsed = parse_request_target(target, {.merge_slashes = merge_slashes});
    return parsed ? std::optional(parsed->uri) : std::nullopt;
}

TEST_CASE("a path is decoded once and loses what leads nowhere") {
    CHECK(uri_of("/a/./b/../c") == "/a/c");
    CHECK(uri_of("/a//b///c") == "/a/b/c");
    CHECK(uri_of("/a//b", false) == "/a//b");
    CHECK(uri_of("/a/%2e%2E/b") == "/b");
    CHECK(uri_of("/a%2F%2fb") == "/a/b");
    CHECK(uri_of("/%25%32%35") == "/%25");
    CHECK(uri_of("/a%3Fb%23c?d#e") == "/a?b#c");
    CHECK(uri_of("/.") == "/");
    CHECK(uri_of("/a/..") == "/");
    CHECK(uri_of("/a/..b") == "/a/..b");
    CHECK(uri_of("/a/...") == "/a/...");
    CHECK(uri_of("/a+b") == "/a+b");
}

TEST_CASE("a path above the root, a wrong escape and control bytes are refused") {
    for (const std::string_view target :
         {"/..", "/../a", "/a/../..", "/%2e%2e/", "/%", "/%4", "/%zz", "/%00", "", "a", "/a\nb",
          "/a\x7f", "*", "http:/a", "http://a_b/", "http://[::1/"}) {
        CAPTURE(target);
        CHECK(uri_of(target) == std::nullopt);
    }
    CHECK(parse_request_target("/a\x01", {.refuses_control_bytes = false}).has_value());
}

TEST_CASE("arguments and fragments are told apart") {
    const auto parsed = parse_request_target("/a%20b?c=%20&d#e", {});
    REQUIRE(parsed);
    CHECK(parsed->uri == "/a b");
    CHECK(parsed->args == "c=%20&d");
    CHECK(parsed->unparsed == "/a%20b?c=%20&d#e");
    CHECK(parse_request_target("/a#b?c", {})->args.empty());
}

TEST_CASE("an absolute target names the host") {
    const auto parsed = parse_request_target("http://A.example:81/x?y", {});
    REQUIRE(parsed);
    CHECK(parsed->host == "A.example");
    CHECK(parsed->uri == "/x");
    CHECK(parsed->unparsed == "/x?y");
    const auto without_path = parse_request_target("http://[::1]?y", {});
    REQUIRE(without_path);
    CHECK(without_path->host == "[::1]");
    CHECK(without_path->uri == "/");
    CHECK(without_path->args == "y");
    CHECK_FALSE(without_path->is_unparsed_whole);
    CHECK(parse_request_target("http://a", {})->unparsed == "/");
}

TEST_CASE("a host is compared in lower case, without port and last dot") {
    CHECK(valid_host("A.Example") == "a.example");
    CHECK(valid_host("a.example:80") == "a.example");
    CHECK(valid_host("a.example.") == "a.example");
    CHECK(valid_host("a.example.:80") == "a.example");
    CHECK(valid_host("[::1]:80") == "[::1]");
    CHECK(valid_host("a_b") == "a_b");
    for (const std::string_view host : {"", ".", ":80", "a..b", "a/b", "a b", "a\tb"}) {
        CAPTURE(host);
        CHECK(valid_host(host) == std::nullopt);
    }
}

TEST_CASE("older versions take more hosts, newer ones fewer") {
    constexpr HostRules old = {.refuses_control_bytes = false};
    CHECK(valid_host("a b", old) == "a b");
    CHECK(valid_host("a\x7f", old) == "a\x7f");
    CHECK(valid_host(std::string_view("a\0b", 3), old) == std::nullopt);

    constexpr HostRules newest = {.follows_rfc3986 = true};
    for (const std::string_view host : {"a%zz", "a!$&'()*+,;=~_b", "[::1]", "[v1.x]", "[]"}) {
        CAPTURE(host);
        CHECK(valid_host(host, newest) == host);
    }
    for (const std::string_view host : {"a:80", "a:", "a:65535", "a:000080", "a.:80"}) {
        CAPTURE(host);
        CHECK(valid_host(host, newest) == "a");
    }
    for (const std::string_view host :
         {"a:b", "a:65536", "a:80:80", "a@b", "a\x80", "a]", "[::1]x", "[::1].", "[::1%25a]",
          "[a..b]", "a\\b", ":80", "[", "a:80."}) {
        CAPTURE(host);
        CHECK(valid_host(host, newest) == std::nullopt);
    }
    CHECK(valid_host("a:b:c") == "a");
    CHECK(parse_request_target("http://a:65536/", {}).has_value());
    CHECK_FALSE(parse_request_target("http://a:65536/", {.refuses_large_ports = true}));
    CHECK(parse_request_target("http://a:065535/", {.refuses_large_ports = true}).has_value());
}

} // namespace
} // namespace upstream_lint
