#include "support/read_model.hpp"
#include "upstream_lint/model.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

using test::read_model;

TEST_CASE("a group has its servers with what they ask for") {
    const Model model = read_model(
        "http { resolver 127.0.0.1; upstream Back { zone \"back\" 64k; least_conn; keepalive 7;\n"
        "server 127.0.0.1 weight=3 max_conns=9 max_fails=0 fail_timeout=1m;\n"
        "server a.example:81 backup; server unix:/run/b.sock down;\n"
        "server b.example resolve service=http; } }");
    REQUIRE(model.upstreams().size() == 1);
    const Upstream& group = model.upstreams()[0];
    CHECK(group.name == "Back");
    CHECK_FALSE(group.is_implied);
    CHECK(group.zone == "back");
    CHECK(group.balancer == "least_conn");
    CHECK(group.keepalive == 7U);
    REQUIRE(group.servers.size() == 4);
    CHECK(group.servers[0].address == "127.0.0.1");
    CHECK(group.servers[0].weight == 3);
    CHECK(group.servers[0].max_conns == 9);
    CHECK(group.servers[0].max_fails == 0);
    CHECK(group.servers[0].fail_timeout == 60);
    CHECK(group.servers[1].backup);
    CHECK(group.servers[1].max_fails == 1);
    CHECK_FALSE(group.servers[1].down);
    CHECK(group.servers[2].down);
    CHECK(group.servers[3].resolve);
    CHECK(group.servers[3].service == "http");
    CHECK(group.servers[3].fail_timeout == 10);
    CHECK_FALSE(group.servers[2].directive.is_none());
}

TEST_CASE("pass directives imply upstreams, and http and stream have their own") {
    const Model model = read_model(
        "stream { upstream a { server 127.0.0.1:1; }\n"
        "server { listen 53; proxy_pass A; } }\n"
        "http { server { listen 80; location /a { proxy_pass http://a; }\n"
        "location /b { proxy_pass https://A; } location /c { proxy_pass http://a:80; }\n"
        "location /d { fastcgi_pass unix:/run/d; } location /e { proxy_pass http://back; } }\n"
        "upstream back { server 127.0.0.1; } }");
    REQUIRE(model.upstreams().size() == 5);
    const auto a = model.find_upstreams(Protocol::http, "A");
    REQUIRE(a.size() == 2);
    CHECK(model.upstream(a[0]).port == 80);
    CHECK(model.upstream(a[1]).port == 443);
    CHECK(model.upstream(a[0]).is_implied);
    const auto unix_socket = model.find_upstreams(Protocol::http, "/run/d");
    REQUIRE(unix_socket.size() == 1);
    CHECK(model.upstream(unix_socket[0]).is_unix);
    const auto back = model.find_upstreams(Protocol::http, "BACK");
    REQUIRE(back.size() == 1);
    CHECK_FALSE(model.upstream(back[0]).is_implied);
    CHECK(model.upstream(back[0]).port == 0);
    CHECK(model.upstream(back[0]).servers.size() == 1);
    const auto stream = model.find_upstreams(Protocol::stream, "a");
    REQUIRE(stream.size() == 1);
    CHECK(model.upstream(stream[0]).protocol == Protocol::stream);
    CHECK(model.find_upstreams(Protocol::http, "c").empty());
    CHECK(model.find_upstream(Protocol::http, "A", 80) == a[0]);
    CHECK(model.find_upstream(Protocol::http, "A", 443) == a[1]);
    CHECK(model.find_upstream(Protocol::http, "a", 81).is_none());
    CHECK(model.find_upstream(Protocol::http, "back", 0) == back[0]);
    CHECK(model.find_upstream(Protocol::stream, "a", 0) == stream[0]);
    CHECK(model.find_upstream(Protocol::http, "c", 80).is_none());
}

TEST_CASE("without a method a group takes its servers in turn") {
    const Model model = read_model("http { upstream a { server b; } upstream c { random two;\n"
                                   "server b; hash $uri; } }");
    CHECK(model.upstreams()[0].balancer.empty());
    CHECK_FALSE(model.upstreams()[0].keepalive.has_value());
    CHECK(model.upstreams()[1].balancer == "hash");
}

} // namespace
} // namespace upstream_lint
