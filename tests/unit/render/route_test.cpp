#include "render/route_why.hpp"
#include "support/read_model.hpp"
#include "upstream_lint/render_route.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace upstream_lint;
using nlohmann::json;

namespace {

Model model_of(const std::string& text) {
    auto model =
        test::try_read_model(text, official_build(newest_tested_version), "/srv/conf/nginx.conf");
    REQUIRE(model);
    return *std::move(model);
}

RouteRequest request_of(const std::string& url) {
    RouteRequest route;
    route.request.url = url;
    return route;
}

const TextStyle style{.color = false, .base_folder = "/srv/"};

std::string text_of(const Model& model, const std::string& url, bool why = false) {
    const RouteRequest route = request_of(url);
    return render_route_text(Router(model).route(route.request), route.request, model, style, why);
}

json json_of(const Model& model, const RouteRequest& route) {
    return json::parse(render_route_json(Router(model).route(route.request), route, model, style));
}

} // namespace

TEST_CASE("a way is told step by step, with what the upstream gets") {
    const Model model = model_of("http {\n"
                                 "upstream app { server 10.0.0.1:80 weight=2; }\n"
                                 "server {\n"
                                 "listen 81;\n"
                                 "location /a/ {\n"
                                 "proxy_set_header X-Token secret;\n"
                                 "proxy_set_header X-Plain \"a\tb\";\n"
                                 "proxy_pass http://app/;\n"
                                 "} } }\n");
    CHECK(text_of(model, "http://h:81/a/b?c") ==
          "GET http://h:81/a/b?c\n"
          "  listener  conf/nginx.conf:5  0.0.0.0:81\n"
          "  server    conf/nginx.conf:4  default server\n"
          "  location  conf/nginx.conf:6  /a/\n"
          "  pass      conf/nginx.conf:9  http://app/\n"
          "  => proxy to upstream `app` as /b?c\n"
          "     peer    conf/nginx.conf:3  10.0.0.1:80 weight=2\n"
          "     method  GET\n"
          "     host    app\n"
          "     header  X-Token: [hidden]\n"
          "     header  X-Plain: a b\n"
          "  exact: nothing is supposed\n");
}

TEST_CASE("nothing in a request or a configuration moves a terminal's cursor") {
    const Model model = model_of("http { server { listen 80; location \"/\x1b[31m\" { "
                                 "return 200; } location / { return 302 \"/\x1b]0;x\"; } } }");
    for (const char* url : {"http://h/%1b%5b31m", "http://h/\x1b", "http://\x1b/"}) {
        CHECK(text_of(model, url, true).find('\x1b') == std::string::npos);
    }
}

TEST_CASE("cases of what is not known stand below each other") {
    const Model model = model_of("http { server { listen 80;\n"
                                 "if ($cookie_a) { return 403; }\n"
                                 "return 204;\n"
                                 "} }\n");
    CHECK(text_of(model, "http://h/") == "GET http://h/\n"
                                         "  listener  conf/nginx.conf:2  0.0.0.0:80\n"
                                         "  server    conf/nginx.conf:2  default server\n"
                                         "  conditional: one of 2\n"
                                         "    if $cookie_a is neither empty nor \"0\"\n"
                                         "      server  conf/nginx.conf:2\n"
                                         "      => return 403\n"
                                         "    if $cookie_a is empty or \"0\"\n"
                                         "      server  conf/nginx.conf:2\n"
                                         "      => return 204\n");
    const json answer = json_of(model, request_of("http://h/"));
    CHECK(answer["certainty"] == "conditional");
    CHECK(answer["outcome"]["kind"] == "return");
    CHECK(answer["outcome"]["status"].is_null());
    REQUIRE(answer["branches"].size() == 2);
    CHECK(answer["branches"][1]["outcome"]["status"] == 204);
    CHECK(answer["branches"][0]["assumptions"] ==
          json::array({"$cookie_a is neither empty nor \"0\""}));
}

TEST_CASE("what branches differ in is null") {
    const Model model = model_of("http { server { listen 80; location / {\n"
                                 "if ($cookie_a) { return 403; }\n"
                                 "proxy_pass http://127.0.0.1:81;\n"
                                 "} } }\n");
    const json outcome = json_of(model, request_of("http://h/"))["outcome"];
    CHECK(outcome == json::parse(R"({"kind": null, "status": null, "redirect": null,
        "upstream_uri": null, "target": null, "peers": null})"));
}

TEST_CASE("an answer has the id of its request") {
    const Model model = model_of("http { server { listen 80; } }");
    RouteRequest route = request_of("http://h:1/");
    for (const char* id : {"null", "12", "\"a\""}) {
        route.id = id;
        CHECK(json_of(model, route)["id"] == json::parse(id));
    }
    route.id = "no JSON";
    const json answer = json_of(model, route);
    CHECK(answer["id"] == "no JSON");
    CHECK(answer["outcome"]["kind"] == "no_listener");
    CHECK(answer["listener"].is_null());
    CHECK(answer["server"].is_null());
    CHECK(answer["location"].is_null());
}

TEST_CASE("places are those of the words server and location") {
    const Model model = model_of("http {\nserver\n{ listen 80;\n"
                                 "location\n^~ /a { if ($arg_x) {\nreturn 200; } }\n"
                                 "location @b { }\n} }\n");
    const json answer = json_of(model, request_of("http://h/a?x=1"));
    CHECK(answer["server"] == json::parse(R"({"file": "conf/nginx.conf", "line": 3})"));
    CHECK(answer["location"] ==
          json::parse(R"({"file": "conf/nginx.conf", "line": 5, "pattern": "^~ /a"})"));
    CHECK(answer["block"] ==
          json::parse(R"({"kind": "if", "file": "conf/nginx.conf", "line": 6})"));
}

TEST_CASE("bytes that are no UTF-8 stand as characters of their number") {
    const Model model = model_of("http { server { listen 80; return 302 http://a/\xff; } }");
    CHECK(json_of(model, request_of("http://h/"))["outcome"]["redirect"] == "http://a/\xc3\xbf");
}

TEST_CASE("of the names of servers each says why it wins or loses") {
    const Model model = model_of("http {\n"
                                 "server { listen 80; server_name ~^a ~^b; }\n"
                                 "server { listen 80; server_name *.example b.*; }\n"
                                 "server { listen 80; server_name *.b.example .b.example; }\n"
                                 "server { listen 80; server_name c.b.example other; }\n"
                                 "}\n");

    struct Row {
        std::string host;
        std::uint32_t chosen;
        std::vector<std::string> candidates;
    };

    const std::string tried = "not tried: the longest name with a wildcard in front comes first";
    const std::vector<Row> rows = {
        {"c.b.example",
         3,
         {" ~^a: not tried: the exact name comes first",
          " ~^b: not tried: the exact name comes first",
          " *.example: matches, but the exact name comes first",
          " *.b.example: matches, but the exact name comes first",
          " .b.example: matches, but the exact name comes first", "*c.b.example: the exact name"}},
        {"d.b.example",
         2,
         {" ~^a: " + tried, " ~^b: " + tried, " *.example: matches, but a longer one comes first",
          "**.b.example: the longest name with a wildcard in front",
          " .b.example: matches, but an earlier name is the same"}},
        {"b.org",
         1,
         {" ~^a: not tried: the longest name with a wildcard at the end comes first",
          " ~^b: not tried: the longest name with a wildcard at the end comes first",
          "*b.*: the longest name with a wildcard at the end"}},
        {"bb", 0, {" ~^a: does not match", "*~^b: the first pattern that matches"}},
        {"ab",
         0,
         {"*~^a: the first pattern that matches", " ~^b: not tried: an earlier pattern matches"}},
        {"z",
         0,
         {" ~^a: does not match", " ~^b: does not match",
          "*server: the address's default server: no name matches"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.host);
        const auto choice = explain_server(model, {0}, row.host, {row.chosen});
        REQUIRE(choice);
        std::vector<std::string> candidates;
        for (const Candidate& each : choice->candidates) {
            candidates.push_back((each.chosen ? "*" : " ") + each.name + ": " + each.reason);
        }
        CHECK(candidates == row.candidates);
    }
    CHECK(!explain_server(model, {0}, "z", {1}));
}

TEST_CASE("of the locations each says why it wins or loses") {
    const Model model = model_of("http { server { listen 80;\n"
                                 "location / { }\n"
                                 "location /a { location ~ b$ { } location ^~ /a/c { } }\n"
                                 "location ^~ /s { }\n"
                                 "location = /a { }\n"
                                 "location ~ x$ { location ~ yx$ { } }\n"
                                 "location ~ b { }\n"
                                 "location @named { }\n"
                                 "} }\n");

    struct Row {
        std::string uri;
        std::uint32_t chosen; // the number of the block, from 0
        std::vector<std::string> lines;
    };

    const std::uint32_t first = 2; // behind `http` and the server's level
    const std::vector<Row> rows = {
        {"/a",
         5,
         {" /: a part of the URI, but the exact location comes first",
          " /a: a part of the URI, but the exact location comes first",
          "*= /a: the URI itself: nothing else is tried",
          " ~ x$: not tried: nothing is after what was found",
          " ~ b: not tried: nothing is after what was found"}},
        {"/s/x",
         4,
         {" /: a shorter part of the URI",
          "*^~ /s: the longest part of the URI; no pattern beside it is tried",
          " ~ x$: not tried: `^~ /s` forbids it", " ~ b: not tried: `^~ /s` forbids it"}},
        {"/a/yx",
         7,
         {" /: a shorter part of the URI",
          " /a: the longest part of the URI, but a pattern matches",
          " ~ x$: the first pattern that matches",
          " ~ b: not tried: another pattern matches before", " ~ b$: does not match",
          "*~ yx$: the first pattern that matches"}},
        {"/q",
         0,
         {"*/: the longest part of the URI", " ~ x$: does not match", " ~ b: does not match"}},
    };
    for (const Row& row : rows) {
        CAPTURE(row.uri);
        std::vector<std::string> lines;
        for (const Choice& choice : explain_location(model, {0}, row.uri, {first + row.chosen})) {
            for (const Candidate& each : choice.candidates) {
                lines.push_back((each.chosen ? "*" : " ") + each.name + ": " + each.reason);
            }
        }
        CHECK(lines == row.lines);
    }
    CHECK(explain_location(model, {0}, "/q", {first + 1}).empty());
}
