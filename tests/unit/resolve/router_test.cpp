#include "resolve/http_conditions.hpp"
#include "support/read_model.hpp"
#include "upstream_lint/resolution.hpp"

#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace upstream_lint {
namespace {

using test::main_name;

class Site {
public:
    explicit Site(const std::string& http, Version version = {1, 22, 1}) {
        files_.add(main_name, "events {}\nhttp {\n" + http + "\n}\n");
        LoadOptions options;
        options.keep_blocks = true;
        options.build = official_build(version);
        model_ = build_model(load_config(files_, main_name, options));
        REQUIRE(model_);
    }

    void add_file(std::string_view path) { files_.add(path, "text"); }

    [[nodiscard]] Answer ask(Request request) const {
        return Router(*model_, {.files = &files_, .prefix = "/p/", .hostname = {}}).route(request);
    }

    /// A request of which everything is known, and in short what becomes of it.
    [[nodiscard]] std::string way(const std::string& url, const std::string& method = "GET") const {
        return in_short(ask(request(url, method)));
    }

    [[nodiscard]] static Request request(const std::string& url, const std::string& method) {
        Request request;
        request.url = url;
        request.method = method;
        request.client = "192.0.2.7:5000";
        request.headers = std::vector<HeaderField>();
        return request;
    }

    [[nodiscard]] std::string in_short(const Answer& answer) const {
        REQUIRE(answer.certainty == Certainty::exact);
        const Outcome& outcome = answer.outcome;
        std::string text;
        if (outcome.status)
            text = std::to_string(*outcome.status);
        if (outcome.redirect)
            text += " " + *outcome.redirect;
        if (outcome.target)
            text += outcome.target->text;
        if (outcome.upstream_uri)
            text += " " + *outcome.upstream_uri;
        return outcome.kind == Outcome::Kind::close ? "closed" : text;
    }

private:
    MemoryFileSystem files_;
    std::optional<Model> model_;
};

/// One server at port 80.
Site server(const std::string& directives) {
    return Site("server { listen 80; server_name a.example; " + directives + " }");
}

TEST_CASE("a connection to an explicit address sees the servers of that address alone") {
    const Site site("server { listen 80; server_name b.example; return 200 wildcard; }\n"
                    "server { listen 127.0.0.1:80; return 201 explicit; }");
    Request request = Site::request("http://b.example/", "GET");
    CHECK(site.in_short(site.ask(request)) == "200");
    request.connect = "127.0.0.1:80";
    CHECK(site.in_short(site.ask(request)) == "201");
    request.connect = "192.0.2.1:80";
    CHECK(site.in_short(site.ask(request)) == "200");
    request.connect = "127.0.0.1:81";
    CHECK(site.ask(request).outcome.kind == Outcome::Kind::no_listener);
}

TEST_CASE("a request that cannot be read belongs to the default server") {
    const Site site("server { listen 80; error_page 400 /bad; location /bad { return 418; } }\n"
                    "server { listen 80; server_name b.example; }");
    CHECK(site.way("http://b.example/%zz") == "418");
    CHECK(site.way("http://b.example/../x") == "418");
    CHECK(site.way("http://b.example/%00") == "418");
}

TEST_CASE("a rewrite makes a request internal") {
    const Site site = server("location /in { internal; return 204; } rewrite ^/out$ /in;");
    CHECK(site.way("http://a.example/in") == "404");
    CHECK(site.way("http://a.example/out") == "204");
}

TEST_CASE("an if in a location leaves its try_files behind") {
    Site site = server("root /w; location / { try_files /there =404; if ($arg_x) { set $y 1; } }");
    site.add_file("/w/there");
    CHECK(site.way("http://a.example/none") == "200");
    CHECK(site.way("http://a.example/none?x=1") == "404");
}

TEST_CASE("a named location that is not there is an error at run time") {
    const Site site = server("root /w; location / { try_files /none @none; }");
    CHECK(site.way("http://a.example/") == "500");
}

TEST_CASE("what a target's URI replaces") {
    const Site site = server("location /a/ { proxy_pass http://127.0.0.1:1/b/; }"
                             "location /c/ { proxy_pass http://127.0.0.1:2; }"
                             "location /d/ { rewrite ^ /x break; proxy_pass http://127.0.0.1:3/z; }"
                             "location /e/ { proxy_pass http://127.0.0.1:4/f$is_args$args; }"
                             "location /g/ { set $h 127.0.0.1:5; proxy_pass http://$h; }");
    CHECK(site.way("http://a.example/a/%20x?y") == "127.0.0.1:1 /b/%20x?y");
    CHECK(site.way("http://a.example/c//%2e/x?y") == "127.0.0.1:2 /c//%2e/x?y");
    CHECK(site.way("http://a.example/d/q?y") == "127.0.0.1:3 /x?y");
    CHECK(site.way("http://a.example/e/x?y") == "127.0.0.1:4 /f?y");
    CHECK(site.way("http://a.example/g/%41") == "127.0.0.1:5 /g/%41");
}

TEST_CASE("a location that passes on redirects what lacks its slash") {
    const Site site = server("location /a/ { proxy_pass http://127.0.0.1:1; }"
                             "location ~ ^/a$ { return 204; }");
    CHECK(site.way("http://a.example/a?x=1") == "301 http://a.example/a/?x=1");
}

TEST_CASE("exact locations in one with a regular expression are never found") {
    const Site site = server("location ~ /a { location = /a { return 201; } return 202; }");
    CHECK(site.way("http://a.example/a") == "202");
}

TEST_CASE("two pass directives: the last one answers, also in limit_except") {
    const Site site = server("location / { proxy_pass http://127.0.0.1:1; "
                             "fastcgi_pass 127.0.0.1:2; limit_except GET { deny 10.0.0.0/8; } }");
    CHECK(site.way("http://a.example/") == "127.0.0.1:2");
    CHECK(site.way("http://a.example/", "POST") == "127.0.0.1:1 /");
}

TEST_CASE("the eleventh change of the URI ends in 500") {
    const Site site = server("location /a { rewrite ^/a(.*)$ /b$1 last; }"
                             "location /b { rewrite ^/b(.*)$ /a$1 last; }");
    CHECK(site.way("http://a.example/a") == "500");
}

TEST_CASE("all peers down means 502, whose error_page is asked") {
    const Site site("upstream u { server 127.0.0.1:1 down; }\n"
                    "server { listen 80; error_page 502 = @sorry;"
                    "location / { proxy_pass http://u; } location @sorry { return 204; } }");
    CHECK(site.way("http://a.example/") == "204");
}

TEST_CASE("a name in a variable needs a resolver") {
    const Site site = server("location / { set $h b.example; proxy_pass http://$h; }");
    CHECK(site.way("http://a.example/") == "502");
}

TEST_CASE("what is not known forks") {
    const Site site("map $http_x_pool $pool { b 127.0.0.1:2; default 127.0.0.1:1; }\n"
                    "server { listen 80; location / { if ($cookie_off) { return 503; }"
                    "proxy_pass http://$pool; } }");
    Request request;
    request.url = "http://a.example/";
    const Answer answer = site.ask(request);
    CHECK(answer.certainty == Certainty::conditional);
    REQUIRE(answer.branches.size() == 3);
    CHECK(answer.branches[0].outcome.status == 503);
    CHECK(answer.branches[1].outcome.target->text == "127.0.0.1:1");
    CHECK(answer.branches[2].outcome.target->text == "127.0.0.1:2");
    CHECK_FALSE(answer.outcome.status);
    CHECK_FALSE(answer.request.host);
}

TEST_CASE("files are supposed where they are not known") {
    const Model model = test::read_model("http { server { listen 80; root /w;\n"
                                         "location / { try_files $uri =404; } } }");
    Request request;
    request.url = "http://a.example/x";
    const Answer answer = Router(model).route(request);
    CHECK(answer.branches.size() == 3);
}

TEST_CASE("too many branches are not counted on") {
    std::string conditions;
    for (int i = 0; i < 10; ++i)
        conditions +=
            "if ($cookie_c" + std::to_string(i) + ") { set $v" + std::to_string(i) + " 1; } ";
    const Site site("server { listen 80; location / { " + conditions + " return 204; } }");
    Request request;
    request.url = "http://a.example/";
    const Answer answer = site.ask(request);
    CHECK(answer.certainty == Certainty::unknown);
    CHECK(answer.branches.size() == 64);
    CHECK_FALSE(answer.assumptions.empty());
}

// -- requests beside the client's
// -------------------------------------------------------------------

TEST_CASE("what an auth_request answers decides") {
    struct Case {
        std::string code;
        std::string way;
    };

    const Case cases[] = {{"200", "200"},    {"204", "200"},    {"401", "401"},
                          {"403", "403"},    {"302", "500"},    {"404", "500"},
                          {"444", "closed"}, {"408", "closed"}, {"499", "closed"}};
    for (const Case& each : cases) {
        CAPTURE(each.code);
        const Site site = server("location / { auth_request /auth; empty_gif; }"
                                 "location /auth { return " +
                                 each.code + "; }");
        CHECK(site.way("http://a.example/") == each.way);
    }
}

TEST_CASE("a refusal that another check may lift lasts where that one ends the phase") {
    const std::string ends = "location / { satisfy any; deny all; auth_request /auth;"
                             "error_page 500 /page; } location /auth { return 302 /x; }";
    CHECK(server(ends + "location /page { return 200 text; }").way("http://a.example/y") == "500");
    CHECK(server(ends + "location /page { empty_gif; }").way("http://a.example/y") == "403");
}

TEST_CASE("an auth_request has the size of the client's body") {
    const Site site = server("location / { auth_request /auth; proxy_pass http://127.0.0.1:1; }"
                             "location /auth { client_max_body_size 2; return 204; }");
    Request request = Site::request("http://a.example/", "POST");
    request.headers = std::vector<HeaderField>{{"Content-Length", "3"}};
    CHECK(site.in_short(site.ask(request)) == "500");
    request.headers = std::vector<HeaderField>{{"Content-Length", "2"}};
    CHECK(site.in_short(site.ask(request)) == "127.0.0.1:1 /");
}

TEST_CASE("auth_request_set has values of the request that is asked, and none before") {
    const Site site = server("location / { auth_request /auth; auth_request_set $a \"$uri $b\";"
                             "rewrite ^ /x$a break; proxy_pass http://127.0.0.1:1;"
                             "proxy_set_header X-A $a; }"
                             "location /auth { set $b inner; return 204; }");
    const Answer answer = site.ask(Site::request("http://a.example/", "GET"));
    CHECK(site.in_short(answer) == "127.0.0.1:1 /x");
    CHECK(answer.request.headers == std::vector<HeaderField>{{"X-A", "/auth inner"}});
}

TEST_CASE("auth_request_set of what an upstream answers is not known") {
    const Site site =
        server("location / { auth_request /auth; auth_request_set $a $upstream_http_a;"
               "proxy_pass http://127.0.0.1:1/$a; }"
               "location /auth { return 204; }");
    CHECK(site.ask(Site::request("http://a.example/", "GET")).certainty == Certainty::unknown);
}

TEST_CASE("a mirror that closes the connection leaves no time for an upstream") {
    const std::string mirror = "mirror /m; location /m { return 444; }";
    CHECK(
        server(mirror + "location / { proxy_pass http://127.0.0.1:1; }").way("http://a.example/") ==
        "closed");
    CHECK(server(mirror + "location / { empty_gif; }").way("http://a.example/") == "200");
}

TEST_CASE("a body that a mirror has read keeps its size") {
    const std::string pages = "recursive_error_pages on; error_page 404 /b;"
                              "location /b { error_page 301 /c; return 301 /x; }"
                              "location /c { client_max_body_size 2; return 200 text; }"
                              "location /m { return 200; }";
    Request request = Site::request("http://a.example/none", "POST");
    request.headers = std::vector<HeaderField>{{"Content-Length", "3"}};
    const Site without = server(pages + "location / { }");
    CHECK(without.in_short(without.ask(request)) == "301 http://a.example/x");
    const Site mirrored = server(pages + "location / { mirror /m; }");
    CHECK(mirrored.in_short(mirrored.ask(request)) == "413 http://a.example/x");
    const Site unread = server(pages + "location / { mirror /m; mirror_request_body off; }");
    CHECK(unread.in_short(unread.ask(request)) == "301 http://a.example/x");
}

TEST_CASE("post_action follows the answer, as often as its location has one") {
    const Site once = server("location / { post_action /after; return 200 text; }"
                             "location /after { proxy_pass http://127.0.0.1:1; }");
    const Answer answer = once.ask(Site::request("http://a.example/x?a=1", "GET"));
    CHECK(once.in_short(answer) == "200");
    REQUIRE(answer.side.size() == 1);
    CHECK(answer.side[0].kind == SideRequest::Kind::post_action);
    CHECK(once.in_short(*answer.side[0].answer) == "127.0.0.1:1 /after");

    const Site again = server("post_action /after; location / { return 200 text; }"
                              "location /after { proxy_pass http://127.0.0.1:1; }");
    CHECK(again.ask(Site::request("http://a.example/", "GET")).side.size() == 11);

    const Site closed = server("post_action /after; location / { return 444; }");
    CHECK(closed.ask(Site::request("http://a.example/", "GET")).side.empty());
}

// -- versions of HTTP
// ---------------------------------------------------------------------------------

/// What becomes of a request over a version of HTTP.
std::string way_over(const Site& site, const std::string& http, const std::string& scheme) {
    Request request = Site::request(scheme + "://a.example/", "GET");
    request.http = http;
    return site.in_short(site.ask(request));
}

TEST_CASE("HTTP/2 has to be spoken by the listener") {
    constexpr Version old{1, 18, 0};
    constexpr Version bookworm{1, 22, 1};
    constexpr Version trixie{1, 26, 3};

    struct Case {
        Version version;
        std::string listen;
        std::string http;
        std::string way;
    };

    const Case cases[] = {
        {bookworm, "80", "2", "400"},
        {bookworm, "80 http2", "2", "200"},
        {bookworm, "80 http2", "1.1", "closed"},
        {trixie, "80 http2", "1.1", "200"},
        {trixie, "80; http2 on", "2", "200"},
        {trixie, "80; http2 on", "1.1", "200"},
        {trixie, "80", "2", "400"},
        {old, "443 ssl", "2", "400"},
        {bookworm, "443 ssl", "2", "closed"},
        {bookworm, "443 ssl http2", "2", "200"},
        {bookworm, "443 ssl http2", "1.1", "200"},
        {trixie, "443 ssl; http2 on", "2", "200"},
    };
    for (const Case& each : cases) {
        CAPTURE(each.listen);
        CAPTURE(each.http);
        CAPTURE(to_string(each.version));
        const Site site("ssl_certificate c; ssl_certificate_key k; server { listen " + each.listen +
                            "; return 200 text; }",
                        each.version);
        CHECK(way_over(site, each.http, each.listen.starts_with("443") ? "https" : "http") ==
              each.way);
    }
}

TEST_CASE("a URI that is shorter than what is replaced leads beyond nginx's memory") {
    const std::string pass = "location /files/ { proxy_pass http://127.0.0.1:1/to/;"
                             "try_files /b =404; }";
    Site site = server(pass);
    site.add_file("/p/html/b");
    CHECK(site.ask(Site::request("http://a.example/files/x", "GET")).outcome.kind ==
          Outcome::Kind::runtime);

    const std::string alias = "server { listen 80; location /files/ { alias /w/; rewrite ^ /d/;"
                              "if (-d $request_filename) { } } location /d/ { return 200 text; } }";
    const auto kind = [&](Version version) {
        return Site(alias, version).ask(Site::request("http://a.example/files/", "GET")).outcome;
    };
    CHECK(kind({1, 26, 3}).kind == Outcome::Kind::runtime);
    CHECK(kind({1, 22, 1}).status == 200);
    CHECK(kind({1, 30, 6}).status == 200);
}

// -- conditions
// -------------------------------------------------------------------------------------

TEST_CASE("a 200 of nginx itself depends on the conditions of the request") {
    Site site = server("location / { root /w; } location /text { return 200 text; }"
                       "location /same { root /w; error_page 412 =200 /text; }"
                       "location /late { error_page 412 /pass; return 200 text; }"
                       "location /pass { proxy_pass http://127.0.0.1:1; }"
                       "location /always { root /w; if_modified_since off; etag off; }");
    for (const char* path : {"/w/x", "/w/same", "/w/always"})
        site.add_file(path); // four bytes
    const auto way = [&](const std::string& path, std::vector<HeaderField> headers) {
        Request request = Site::request("http://a.example" + path, "GET");
        request.headers = std::move(headers);
        return site.in_short(site.ask(request));
    };
    const std::string date = "Fri, 01 Jan 2100 00:00:00 GMT";
    CHECK(way("/x", {{"If-None-Match", "*"}}) == "304");
    CHECK(way("/x", {{"If-Match", "*"}}) == "200");
    CHECK(way("/text", {{"If-None-Match", "*"}}) == "304");
    CHECK(way("/text", {{"If-Modified-Since", date}}) == "200");
    CHECK(way("/text", {{"If-Unmodified-Since", date}}) == "412");
    CHECK(way("/late", {{"If-Unmodified-Since", date}}) == "closed");
    CHECK(way("/always", {{"If-Modified-Since", date}}) == "200");
    CHECK(way("/always", {{"If-None-Match", "\"x\""}}) == "200");
    CHECK(way("/always", {{"If-Match", "\"x\""}}) == "412");
    CHECK(way("/x", {{"Range", "bytes=0-1"}}) == "206");
    CHECK(way("/x", {{"Range", "bytes=9-"}}) == "416");
    CHECK(way("/text", {{"Range", "bytes=9-"}}) == "200");
    CHECK(way("/x", {{"Range", "bytes=9-"}, {"If-None-Match", "*"}}) == "304");

    Request request = Site::request("http://a.example/x", "GET");
    request.headers = std::vector<HeaderField>{{"If-Modified-Since", date}};
    const Answer answer = site.ask(request);
    CHECK(answer.certainty == Certainty::conditional);
    REQUIRE(answer.branches.size() == 2);
    CHECK(answer.branches[0].outcome.status == 200);
    CHECK(answer.branches[1].outcome.status == 304);
}

TEST_CASE("a list of ranges comes to a part, to all, or to nothing") {
    constexpr std::int64_t most = 2147483647;
    for (const char* part : {"0-0", "0-", "-1", "-99", "0-1,3-4", "0-99", " 1 - 2 ", "3-1,0-0"}) {
        CAPTURE(part);
        CHECK(status_of_ranges(part, 10, most) == 206);
    }
    for (const char* nothing :
         {"x", "1", "10-", "5-3", "-", "--1", "0-0x", "0-0,", "5-99999999999999999999"}) {
        CAPTURE(nothing);
        CHECK(status_of_ranges(nothing, 10, most) == 416);
    }
    CHECK(status_of_ranges("0-9,0-0", 10, most) == 200);
    CHECK(status_of_ranges("0-0,2-2", 10, 1) == 200);
    CHECK(status_of_ranges("0-", 0, most) == 200);
    CHECK(status_of_ranges("-1", 0, most) == 200);
}

} // namespace
} // namespace upstream_lint
