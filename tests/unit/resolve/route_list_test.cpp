#include "regex/matcher.hpp"
#include "resolve/pass_list.hpp"
#include "resolve/server_choice.hpp"
#include "support/read_model.hpp"
#include "unit/resolve/random_locations.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {
namespace {

std::optional<Model> try_model(const std::string& text) {
    NginxBuild build = official_build(newest_tested_version);
    build.modules.insert(find_module("ngx_http_redis2_module").value());
    return try_read_model(text, std::move(build));
}

Model model_of(const std::string& text) {
    auto model = try_model(text);
    REQUIRE(model);
    return *std::move(model);
}

std::uint32_t line_of(const Model& model, DirectiveRef directive) {
    const Config& config = model.config();
    const FileId file = config.inclusion(directive.inclusion).file;
    return config.sources().line_column(file, config.words_span(file, directive.node).begin).line;
}

/// The way whose pass directive stands in a line.
const Route& way_in_line(const Model& model, const RouteList& list, std::uint32_t line) {
    const auto found = std::ranges::find_if(
        list.routes, [&](const Route& route) { return line_of(model, route.pass) == line; });
    REQUIRE(found != list.routes.end());
    return *found;
}

std::vector<std::uint32_t> because(const Model& model, const Route& route) {
    std::vector<std::uint32_t> lines;
    for (const DirectiveRef each : route.because) {
        lines.push_back(line_of(model, each));
    }
    return lines;
}

std::string url_of(const Route& route) {
    return route.example ? route.example->request.url : std::string();
}

TEST_CASE("each way has a URL that goes there") {
    const Model model =
        model_of("http { server { listen 8080; server_name a.example;\n"
                 "location / { proxy_pass http://127.0.0.1:1; }\n"
                 "location = /e { proxy_pass http://127.0.0.1:2; }\n"
                 "location ~ ^/u/(\\d+)\\.json$ { proxy_pass http://127.0.0.1:3; }\n"
                 "location \"/a b\" { proxy_pass http://127.0.0.1:4; }\n"
                 "location /sub/ { proxy_pass http://127.0.0.1:5;\n"
                 "location ~ x { proxy_pass http://127.0.0.1:6; } } } }");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 6);
    const std::vector<std::string> urls = {
        "http://a.example:8080/",         "http://a.example:8080/e",
        "http://a.example:8080/u/1.json", "http://a.example:8080/a%20b",
        "http://a.example:8080/sub/",     "http://a.example:8080/sub/x"};
    for (std::size_t i = 0; i < urls.size(); ++i) {
        CHECK(list.routes[i].reach == Reach::reached);
        CHECK(url_of(list.routes[i]) == urls[i]);
        CHECK(list.routes[i].targets.front().target.text == "127.0.0.1:" + std::to_string(i + 1));
    }
}

TEST_CASE("a request has what the conditions around a pass directive ask for") {
    const Model model =
        model_of("http { server { listen 80; location / {\n"
                 "if ($request_method = POST) { proxy_pass http://127.0.0.1:1; }\n"
                 "if ($arg_beta) { proxy_pass http://127.0.0.1:2; }\n"
                 "if ($args ~ ^v=\\d+$) { proxy_pass http://127.0.0.1:3; }\n"
                 "if ($http_x = y) { proxy_pass http://127.0.0.1:4; }\n"
                 "if ($uri ~ ^/deep/[a-z]+/$) { proxy_pass http://127.0.0.1:5; }\n"
                 "if ($host = b.example) { proxy_pass http://127.0.0.1:6; } }\n"
                 "location /r { limit_except GET { proxy_pass http://127.0.0.1:7; } } } }");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 7);
    for (const Route& route : list.routes) {
        CAPTURE(line_of(model, route.pass));
        CAPTURE(route.why);
        REQUIRE(route.reach == Reach::reached);
    }
    CHECK(list.routes[0].example->request.method == "POST");
    CHECK(url_of(list.routes[1]).ends_with("/?beta=1"));
    CHECK(url_of(list.routes[2]).ends_with("/?v=0"));
    CHECK(list.routes[3].example->assumptions.size() == 1);
    CHECK(url_of(list.routes[4]).find("/deep/") != std::string::npos);
    CHECK(url_of(list.routes[5]) == "http://b.example/");
    CHECK(list.routes[6].example->request.method == "POST");
}

TEST_CASE("a request gets past what ends others before") {
    const Model model =
        model_of("http { server { listen 80; server_name a.example b.example;\n"
                 "if ($host != b.example) { return 301 http://b.example/; }\n"
                 "location / { proxy_pass http://127.0.0.1:1; } }\n"
                 "server { listen 81; if ($args ~ (^$|x)) { return 400; }\n"
                 "location / { proxy_pass http://127.0.0.1:2; } }\n"
                 "server { listen 83; location / { proxy_pass http://127.0.0.1:3;\n"
                 "limit_except POST { proxy_pass http://127.0.0.1:4; } } }\n"
                 "server { listen 82; if ($http_a) { set $b c; }\n"
                 "location / { set $host_name h; proxy_pass http://$host_name; } }\n"
                 "server { listen 84; location / { return 403; limit_except GET {\n"
                 "proxy_pass http://127.0.0.1:5; } } } }");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 6);
    for (const Route& route : list.routes) {
        CAPTURE(line_of(model, route.pass));
        CAPTURE(route.why);
        REQUIRE(route.reach == Reach::reached);
    }
    CHECK(url_of(way_in_line(model, list, 4)) == "http://b.example/");
    CHECK(url_of(way_in_line(model, list, 6)).ends_with("/?a=1"));
    CHECK(way_in_line(model, list, 7).example->request.method == "POST");
    CHECK(way_in_line(model, list, 8).example->request.method == "GET");
    CHECK(way_in_line(model, list, 10).failures.size() == 1); // there is no resolver
    CHECK_FALSE(way_in_line(model, list, 10).why.empty());
    CHECK(way_in_line(model, list, 12).example->request.method == "POST");
}

TEST_CASE("what is never reached, and what only nginx itself gets to") {
    const Model model =
        model_of("http { server { listen 80;\n"                                    // 2
                 "location ^~ /static/ { }\n"                                      // 3
                 "location ~ ^/static/.*php$ { proxy_pass http://127.0.0.1:1; }\n" // 4
                 "location ~ php$ { }\n"                                           // 5
                 "location ~ ^/admin/.*php$ { proxy_pass http://127.0.0.1:2; }\n"  // 6
                 "location /gone/ { return 410; proxy_pass http://127.0.0.1:3; }\n"
                 "location /x//y { proxy_pass http://127.0.0.1:4; }\n"
                 "location ~ ^x { proxy_pass http://127.0.0.1:5; }\n"
                 "location /in/ { internal; proxy_pass http://127.0.0.1:6; }\n"
                 "location @lost { proxy_pass http://127.0.0.1:7; }\n"
                 "location ~ a\\nb$ { proxy_pass http://127.0.0.1:8; }\n" // 12
                 "} }");
    const RouteList list = find_routes(model);
    using Lines = std::vector<std::uint32_t>;
    CHECK(way_in_line(model, list, 4).reach == Reach::never);
    CHECK(because(model, way_in_line(model, list, 4)) == Lines{3});
    CHECK(way_in_line(model, list, 6).reach == Reach::never);
    CHECK(because(model, way_in_line(model, list, 6)) == Lines{5});
    CHECK(way_in_line(model, list, 7).reach == Reach::never);
    CHECK(because(model, way_in_line(model, list, 7)) == Lines{7});
    CHECK(way_in_line(model, list, 8).reach == Reach::internal);
    CHECK(way_in_line(model, list, 9).reach == Reach::internal);
    CHECK(way_in_line(model, list, 10).reach == Reach::internal);
    CHECK(way_in_line(model, list, 11).reach == Reach::internal);
    CHECK(way_in_line(model, list, 12).reach == Reach::reached);
    for (const Route& route : list.routes) {
        CHECK((route.reach == Reach::reached) == route.example.has_value());
        CHECK((route.reach == Reach::reached) == route.why.empty());
    }
}

TEST_CASE("a directive whose variables decide leads to each of its possible targets") {
    const Model model = model_of("http { upstream a { server 10.0.0.1; }\n"
                                 "map $http_x $to { one a; two 10.0.0.2:8080; }\n"
                                 "map $http_x $open { one a; default $http_y; }\n"
                                 "server { listen 80;\n"
                                 "location /closed { proxy_pass http://$to; }\n"
                                 "location /open { proxy_pass http://$open; } } }");
    const RouteList list = find_routes(model);
    const Route& closed = way_in_line(model, list, 6);
    REQUIRE(closed.targets.size() == 2);
    CHECK(closed.targets[0].target.text == "10.0.0.2:8080");
    CHECK(closed.targets[1].target.text == "a");
    CHECK(closed.other_targets.empty());
    CHECK(closed.failures.size() == 1); // the map has no default
    const Route& open = way_in_line(model, list, 7);
    REQUIRE(open.targets.size() == 1);
    CHECK_FALSE(open.other_targets.empty());
    CHECK(leads_to(closed, "10.0.0.2") == Verdict::satisfied);
    CHECK(leads_to(closed, "10.0.0") == Verdict::violated);
    CHECK(leads_to(open, "10.0.0.2:8080") == Verdict::unknown);
}

TEST_CASE("listeners of nginx itself, servers of mail and other modules are ways as well") {
    const Model model =
        model_of("stream { server { listen 1; pass 127.0.0.1:2; }\n"
                 "server { listen 127.0.0.1:2; proxy_pass 10.0.0.1:3; } }\n"
                 "mail { auth_http http://127.0.0.1:9000/auth;\n"
                 "server { listen 25; protocol smtp; }\n"
                 "server { listen 143; protocol imap; auth_http unix:/run/auth:/x; } }\n"
                 "http { server { listen 80; location /r { redis2_pass 127.0.0.1:6379; } } }");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 5);
    for (const Route& route : list.routes) {
        CAPTURE(line_of(model, route.pass));
        CHECK(route.reach == Reach::reached);
        REQUIRE(route.targets.size() == 1);
        CHECK(route.other_targets.empty());
    }
    const Route& passed = way_in_line(model, list, 2);
    CHECK(passed.kind == GraphEdge::Kind::stream_pass);
    CHECK(passed.targets[0].target.text == "127.0.0.1:2");
    const Route& smtp = way_in_line(model, list, 4);
    CHECK(smtp.kind == GraphEdge::Kind::auth_http);
    CHECK(smtp.targets[0].target.text == "127.0.0.1:9000");
    CHECK(url_of(smtp) == "tcp://0.0.0.0:25");
    CHECK(way_in_line(model, list, 6).targets[0].target.text == "unix:/run/auth");
    const Route& redis = way_in_line(model, list, 7);
    CHECK(redis.kind == GraphEdge::Kind::other_pass);
    CHECK(url_of(redis) == "http://other.example/r");
}

TEST_CASE("a server that answers before it passes anything on has ways that nobody goes") {
    const std::string location = "location / { proxy_pass http://127.0.0.1:1; } }";
    const Model all = model_of("http {\n"
                               "server { listen 1; return 301 https://$host/;\n" +
                               location +
                               "\n"
                               "server { listen 2; if ($http_x) { break; } return 301 /;\n" +
                               location +
                               "\n"
                               "server { listen 3; error_page 403 /x; return 403;\n" +
                               location + "}");
    const RouteList list = find_routes(all);
    REQUIRE(list.routes.size() == 3);
    CHECK(list.routes[0].reach == Reach::never);
    CHECK(list.routes[1].reach == Reach::reached);
    CHECK(list.routes[2].reach != Reach::never);
}

TEST_CASE("ways by internal redirects and requests beside others are found") {
    const Model model =
        model_of("http { server { listen 80;\n"
                 "location / { try_files $uri @app; }\n"
                 "location @app { proxy_pass http://127.0.0.1:1; }\n"
                 "location /a/ { auth_request /auth; proxy_pass http://127.0.0.1:2; }\n"
                 "location = /auth { internal; proxy_pass http://127.0.0.1:3; }\n"
                 "location /old/ { rewrite ^/old/(.*)$ /new/$1 last; }\n"
                 "location /new/ { internal; proxy_pass http://127.0.0.1:4; }\n"
                 "} }");
    const RouteList list = find_routes(model);
    for (const Route& route : list.routes) {
        CAPTURE(line_of(model, route.pass));
        REQUIRE(route.reach == Reach::reached);
    }
    CHECK_FALSE(way_in_line(model, list, 4).example->assumptions.empty());
    CHECK(url_of(way_in_line(model, list, 6)).find("/a/") != std::string::npos);
    CHECK(url_of(way_in_line(model, list, 8)).find("/old/") != std::string::npos);
    using Lines = std::vector<std::uint32_t>;
    CHECK(because(model, way_in_line(model, list, 4)) == Lines{3});
    CHECK(because(model, way_in_line(model, list, 6)) == Lines{5});
}

TEST_CASE("a server is entered by the names and addresses that it has") {
    const Model model = model_of(
        "http {\n"
        "server { listen 80; server_name a.example; location / { proxy_pass http://127.0.0.1:1; } "
        "}\n"
        "server { listen 80; server_name a.example; location / { proxy_pass http://127.0.0.1:2; } "
        "}\n"
        "server { listen 80; server_name *.b.example; location / { proxy_pass http://127.0.0.1:3; "
        "} }\n"
        "server { listen 80; server_name ~^c\\d+$; location / { proxy_pass http://127.0.0.1:4; } "
        "}\n"
        "server { listen 80; server_name ~^c1\\d*$ ~^c12$; location / { proxy_pass "
        "http://127.0.0.1:5; } }\n"
        "server { listen 127.0.0.1:81; location / { proxy_pass http://127.0.0.1:6; } }\n"
        "server { listen unix:/x; location / { proxy_pass http://127.0.0.1:7; } }\n"
        "server { listen 443 ssl; ssl_certificate a; ssl_certificate_key b; server_name d.example;"
        " location / { proxy_pass http://127.0.0.1:8; } }\n"
        "server { listen 80; location / { proxy_pass http://127.0.0.1:9; } }\n"
        "server { listen 80; server_name ~^x ~^xy; location / { proxy_pass http://127.0.0.1:10; } "
        "}\n"
        "}");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 10);
    const auto request = [&](std::size_t i) { return list.routes[i].example->request; };
    CHECK(request(0).url == "http://a.example/");
    CHECK(list.routes[1].reach == Reach::never);
    CHECK(because(model, list.routes[1]) == std::vector<std::uint32_t>{3});
    CHECK(request(2).url == "http://www.b.example/");
    CHECK(request(3).url == "http://c1/");
    CHECK(list.routes[4].reach == Reach::never);
    CHECK(because(model, list.routes[4]) == std::vector<std::uint32_t>{6});
    CHECK(request(5).connect == "127.0.0.1:81");
    CHECK(request(6).connect == "unix:/x");
    CHECK(request(7).url == "https://d.example/");
    CHECK(request(8).http == "1.0"); // by no name at all
    CHECK(request(9).url == "http://x/");
}

TEST_CASE("what a target is served by is found by each of its names") {
    const Model model = model_of("http { upstream app { server 10.0.0.1:1; server 10.0.0.2; }\n"
                                 "server { listen 80; location /a { proxy_pass http://app; }\n"
                                 "location /b { proxy_pass http://10.0.0.1:1/x$uri; }\n"
                                 "location /c { proxy_pass http://$http_x; }\n"
                                 "location /d { fastcgi_pass unix:/run/x; } } }");
    const auto lines = [&](const std::string& to) {
        RouteListOptions options;
        options.to = to;
        options.patterns = true;
        std::vector<std::uint32_t> found;
        for (const Route& route : find_routes(model, options).routes) {
            CHECK(route.pattern);
            if (leads_to(route, to) == Verdict::satisfied) {
                found.push_back(line_of(model, route.pass));
            } else {
                CHECK(line_of(model, route.pass) == 5); // nobody knows
            }
        }
        return found;
    };
    using Lines = std::vector<std::uint32_t>;
    CHECK(lines("app") == Lines{3});
    CHECK(lines("10.0.0.1:1") == Lines{3, 4});
    CHECK(lines("10.0.0.2:80") == Lines{3});
    CHECK(lines("unix:/run/x") == Lines{6});
    CHECK(lines("nothing") == Lines{});
}

TEST_CASE("maps of names in handshakes give a way for each") {
    const Model model =
        model_of("stream { upstream web { server 10.0.0.1:443; }\n"
                 "map $ssl_preread_server_name $to { hostnames; a.example web; .b.example "
                 "10.0.0.2:1; ~^api\\. 10.0.0.3:1; default 10.0.0.4:1; }\n"
                 "server { listen 443; ssl_preread on; proxy_pass $to; }\n"
                 "server { listen 127.0.0.1:53 udp; proxy_pass 10.0.0.5:53; } }");
    const RouteList list = find_routes(model);
    REQUIRE(list.routes.size() == 5);
    CHECK(url_of(list.routes[0]) == "tcp://0.0.0.0:443?sni=a.example");
    CHECK(list.routes[0].targets.front().target == Target{Target::Kind::upstream, "web"});
    CHECK(url_of(list.routes[1]) == "tcp://0.0.0.0:443?sni=b.example");
    CHECK(url_of(list.routes[2]) == "tcp://0.0.0.0:443?sni=api.example");
    CHECK(list.routes[3].targets.front().target.text == "10.0.0.4:1");
    CHECK(url_of(list.routes[4]) == "udp://127.0.0.1:53");
}

/// Servers with names that are often in each other's way, and locations that are, too.
class RandomServers {
public:
    explicit RandomServers(std::uint64_t seed) : choice_(seed), locations_(choice_) {}

    std::string next() {
        std::string text = "http {\n";
        for (std::size_t count = 1 + choice_.below(4); count > 0; --count) {
            text += "server { listen " + std::string(choice_.chance(70) ? "80" : "127.0.0.1:81") +
                    "; " + names() + rewrites() + "\n" + locations_.next() + "}\n";
        }
        return text + "}";
    }

    std::string host() {
        std::string text;
        for (std::size_t length = 1 + choice_.below(5); length > 0; --length) {
            text += choice_.pick(std::string_view("ab."));
        }
        return text;
    }

    std::string uri() { return locations_.uri(); }

    RandomChoice& choice() { return choice_; }

private:
    std::string names() {
        static constexpr std::string_view all[] = {"a",  "b",    ".a",    "*.a",  "a.*",  "b.a",
                                                   "~a", "~^b$", "~^a.b", "\"\"", "~b.*", "~^.$"};
        std::string text;
        for (std::size_t count = choice_.below(3); count > 0; --count) {
            text += " " + std::string(choice_.pick(all));
        }
        return text.empty() ? text : "server_name" + text + "; ";
    }

    std::string rewrites() {
        static constexpr std::string_view all[] = {"rewrite ^/a/(.*)$ /b/$1;", "return 403;",
                                                   "if ($arg_a) { return 200; }",
                                                   "error_page 403 404 /b;"};
        return choice_.chance(20) ? std::string(choice_.pick(all)) : "";
    }

    RandomChoice choice_;
    RandomLocations locations_;
};

bool ends_at(const Route& route, const Answer& answer) {
    const auto is_end = [&](const auto& end) {
        return end.server == route.server && end.location == route.location &&
               end.block == route.block && end.outcome.kind == outcome_of(route.kind);
    };
    return answer.branches.empty() ? is_end(answer) : std::ranges::any_of(answer.branches, is_end);
}

TEST_CASE("examples go where they are said to go, and nothing gets to what is never reached") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(300);
    std::size_t counts[4] = {};
    std::size_t requests = 0;
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomServers random(seed * 1'000'003 + i);
        const std::string text = random.next();
        const auto model = try_model(text);
        if (!model) {
            continue;
        }
        CAPTURE(i);
        CAPTURE(text);
        const RouteList list = find_routes(*model);
        Router router(*model);
        for (const Route& route : list.routes) {
            ++counts[static_cast<std::size_t>(route.reach)];
            CAPTURE(line_of(*model, route.pass));
            if (route.reach == Reach::reached) {
                REQUIRE(ends_at(route, router.route(route.example->request)));
            }
        }
        for (int j = 0; j < 60; ++j) {
            Request request;
            request.url = "http://" + random.host() + random.uri();
            request.connect = random.choice().chance(70) ? "127.0.0.2:80" : "127.0.0.1:81";
            CAPTURE(request.url);
            const Answer answer = router.route(request);
            ++requests;
            for (const Route& route : list.routes) {
                CAPTURE(line_of(*model, route.pass));
                REQUIRE_FALSE((route.reach == Reach::never && ends_at(route, answer)));
            }
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": " << counts[0]
                                  << " reached, " << counts[1] << " internal, " << counts[2]
                                  << " never, " << counts[3] << " unknown; " << requests
                                  << " requests");
    CHECK(counts[0] > cases / 2);
    CHECK(counts[2] > cases / 20);
}

/// All names of up to so many bytes of a few.
std::vector<std::string> all_hosts(std::size_t length) {
    std::vector<std::string> hosts = {""};
    for (std::size_t begin = 0; length > 0; --length) {
        const std::size_t end = hosts.size();
        for (; begin < end; ++begin) {
            for (const char c : std::string_view("ab.")) {
                hosts.push_back(hosts[begin] + c);
            }
        }
    }
    return hosts;
}

TEST_CASE("a name leads to its server, or nothing that it stands for does") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = random_cases(300);
    const std::vector<std::string> hosts = all_hosts(4);
    std::size_t counts[4] = {};
    for (std::uint64_t i = 0; i < cases; ++i) {
        RandomServers random(seed * 1'000'003 + i);
        const std::string text = random.next();
        const auto model = try_model(text);
        if (!model) {
            continue;
        }
        CAPTURE(i);
        CAPTURE(text);
        ServerChoice choice(*model);
        for (const ServerEntry& entry : find_routes(*model).entries) {
            ++counts[static_cast<std::size_t>(entry.reach)];
            CAPTURE(entry.server.value);
            if (entry.reach == Reach::reached) {
                REQUIRE(choice.find_server(entry.listener, *entry.host).server == entry.server);
            }
            if (entry.reach != Reach::never || entry.kind != ServerEntry::Kind::regex) {
                continue;
            }
            for (const std::string& host : hosts) {
                REQUIRE(choice.find_server(entry.listener, host).name != entry.name);
            }
        }
    }
    MESSAGE("UPSTREAM_LINT_SEED=" << seed << " UPSTREAM_LINT_CASES=" << cases << ": " << counts[0]
                                  << " names reached, " << counts[2] << " never, " << counts[3]
                                  << " unknown");
    CHECK(counts[0] > cases);
    CHECK(counts[2] > cases / 10);
}

TEST_CASE("planted locations that are never reached are all found") {
    const std::uint64_t seed = setting("UPSTREAM_LINT_SEED", 1);
    std::size_t planted = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
        RandomChoice choice(seed * 7919 + i);
        const std::string folder = "/p" + std::to_string(choice.below(3)) + "/";
        const std::string regex = choice.chance(50) ? "^" + folder + "x" : "^" + folder + ".*y$";
        const std::string hidden =
            "\nlocation ~ " + regex + " { proxy_pass http://127.0.0.1:1; }\n";
        const std::string other = "location /q { } location ~ ^/z { } ";
        std::string before = choice.chance(50) ? "location ^~ " + folder + " { }"
                                               : "location ~ ^" + folder + "(x|.*y$) { }";
        const std::string text = "http { server { listen 80; " +
                                 (choice.chance(50) ? other + before : before + other) + hidden +
                                 "} }";
        const Model model = model_of(text);
        const RouteList list = find_routes(model);
        CAPTURE(text);
        REQUIRE(list.routes.size() == 1);
        REQUIRE(list.routes[0].reach == Reach::never);
        REQUIRE(list.routes[0].because.size() == 1);
        ++planted;
    }
    CHECK(planted == 200);
}

TEST_CASE("configurations of hard patterns and many names end soon") {
    std::string hard = "http { server { listen 80;";
    for (int i = 0; i < 30; ++i) {
        hard += "location ~ \"a.{11}" + std::to_string(i) + "\" { proxy_pass http://127.0.0.1; }\n";
    }
    std::string names = "http {";
    for (int i = 0; i < 3000; ++i) {
        names += "server { listen 80; server_name *.a ~^(x|y)+" + std::to_string(i % 50) +
                 "$; location / { proxy_pass http://127.0.0.1; } }\n";
    }
    for (const std::string& text : {hard + "} }", names + "}"}) {
        const auto begun = std::chrono::steady_clock::now();
        const RouteList list = find_routes(model_of(text));
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
        MESSAGE(text.substr(0, 40) << ": " << took.count() << " s");
        CHECK_FALSE(list.routes.empty());
        CHECK(took.count() < 100);
    }
}

} // namespace
} // namespace upstream_lint::test
