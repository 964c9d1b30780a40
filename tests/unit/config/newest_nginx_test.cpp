#include "said.hpp"
#include "support/print_lines.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>

/// Directives that no packaged nginx has yet; what is expected was read in nginx's source.
namespace upstream_lint {
namespace {

using test::Lines;

constexpr Version newest_source{1, 31, 3};

Lines said_by_newest(const std::string& text) {
    LoadOptions options;
    options.build = official_build(newest_source);
    if (const auto stream = modules_of_object("ngx_stream_module", options.build))
        options.build.modules.insert(*stream);
    return test::said_of(text, std::move(options));
}

Lines said_in_upstream(const std::string& statements) {
    return said_by_newest(
        "events {}\nhttp { upstream u {\n" + statements +
        "\nserver 127.0.0.1:81; } server { location / { proxy_pass http://u; } } }");
}

Lines said_in_location(const std::string& statements) {
    return said_by_newest("events {}\nhttp { server { location / {\n" + statements + "\n} } }");
}

TEST_CASE("least_time takes what is measured, and whether running requests count") {
    CHECK(said_in_upstream("least_time header;") == Lines{});
    CHECK(said_in_upstream("least_time last_byte inflight;") == Lines{});
    CHECK(said_in_upstream("least_time connect;") == Lines{"invalid value \"connect\"@3"});
    // the second word is looked at first
    CHECK(said_in_upstream("least_time connect x;") == Lines{"invalid parameter \"x\"@3"});
    CHECK(said_in_upstream("least_conn;\nleast_time header;") ==
          Lines{"load balancing method redefined@4"});
    CHECK(said_by_newest(
              "events {}\nstream { upstream u { least_time first_byte; server 127.0.0.1:1; }\n"
              "upstream v { least_time header; server 127.0.0.1:1; } }") ==
          Lines{"invalid value \"header\"@3"});
}

TEST_CASE("tunnel_pass goes where its value or the request says") {
    CHECK(said_in_location("tunnel_pass;") == Lines{});
    CHECK(said_in_location("tunnel_pass $host:443;") == Lines{});
    CHECK(said_in_location("tunnel_pass 127.0.0.1:443;") == Lines{});
    CHECK(said_in_location("tunnel_pass;\ntunnel_pass $host;") ==
          Lines{"\"tunnel_pass\" directive is duplicate@4"});
    CHECK(said_in_location("tunnel_pass 127.0.0.1;") ==
          Lines{"no port in upstream \"127.0.0.1\" in /etc/nginx/nginx.conf:3"});
    CHECK(said_in_location("tunnel_pass 127.0.0.1:443/x;") ==
          Lines{"invalid host in upstream \"127.0.0.1:443/x\"@3"});
    CHECK(said_in_location("tunnel_send_lowat 1k;") ==
          Lines{"\"tunnel_send_lowat\" is not supported, ignored@3"});
}

TEST_CASE("proxy_ssl_alpn takes protocols of at most 255 bytes") {
    const auto said = [](const std::string& values) {
        return said_by_newest("events {}\nstream { server { listen 1; proxy_pass 127.0.0.1:1;\n"
                              "proxy_ssl_alpn " +
                              values + "; } }");
    };
    CHECK(said("h2 $protocol") == Lines{});
    CHECK(said(std::string(255, 'h')) == Lines{});
    CHECK(said(std::string(256, 'h')) == Lines{"\"proxy_ssl_alpn\" directive protocol too long@3"});
    CHECK(said("h2 ${x") == Lines{"the closing bracket in \"x\" variable is missing@3"});
}

} // namespace
} // namespace upstream_lint
