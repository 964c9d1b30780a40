#include "support/read_model.hpp"
#include "upstream_lint/graph.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::read_model;

std::string text_of(const GraphTarget& target) {
    const std::string transport = target.is_datagram ? "udp " : "";
    switch (target.target.kind) {
    case Target::Kind::dynamic:
        return transport + "? (" + target.reason + ")";
    case Target::Kind::upstream:
        return transport + "group " + target.target.text;
    default:
        return transport + target.target.text;
    }
}

/// Where the edges lead, one after the other.
std::vector<std::string> ways_of(const Model& model, const RouterOptions& options = {}) {
    const ResolutionGraph graph = build_graph(model, options);
    std::vector<std::string> texts;
    for (const GraphEdge& edge : graph.edges) {
        std::string text;
        for (const GraphEdge::Way& way : edge.ways) {
            text += text.empty() ? "" : ", ";
            text += (way.uses_tls ? "tls " : "") + text_of(graph.target(way.target));
        }
        for (const std::string& failure : edge.failures)
            text += " !" + failure;
        texts.push_back(text);
    }
    return texts;
}

using Texts = std::vector<std::string>;

Texts http(const std::string& text, const RouterOptions& options = {}) {
    return ways_of(read_model("http {\n" + text + "\n}"), options);
}

std::string location(const std::string& text) {
    return "server { location / { " + text + " } }\n";
}

TEST_CASE("every pass is an edge, every target stands once") {
    const Model model = read_model(
        "http { upstream a { server 127.0.0.1:1; }\n"
        "server { location / { proxy_pass http://127.0.0.1:1/x; if ($arg_a) {"
        "proxy_pass http://A; } limit_except GET { proxy_pass https://127.0.0.1:1; } }\n"
        "location /b { fastcgi_pass unix:/s; } location /c { grpc_pass a; } location /d { } } }\n"
        "stream { server { listen 1; listen 2 udp; proxy_pass 127.0.0.1:1; }\n"
        "server { listen 3; pass 127.0.0.1:1; } server { listen 4; return a; } }");
    CHECK(ways_of(model) == Texts{"127.0.0.1:1", "group a", "tls 127.0.0.1:1", "unix:/s", "group a",
                                  "127.0.0.1:1, udp 127.0.0.1:1", "127.0.0.1:1"});
    const ResolutionGraph graph = build_graph(model);
    REQUIRE(graph.targets.size() == 4);
    CHECK(graph.targets[0].edges.size() == 4);
    CHECK(graph.targets[1].upstream == UpstreamId{0});
    CHECK(graph.targets[1].peers.size() == 1);
    CHECK(graph.edges[0].kind == GraphEdge::Kind::proxy);
    CHECK(graph.edges[0].server == ServerId{0});
    CHECK(model.location(graph.edges[1].level).kind == Location::Kind::if_block);
    CHECK(model.location(graph.edges[2].level).kind == Location::Kind::limit_except);
    CHECK(graph.edges[5].server == ServerId{1});
}

TEST_CASE("the last directive of a level that answers counts") {
    CHECK(http(location("proxy_pass http://127.0.0.1:1; fastcgi_pass 127.0.0.1:2;")) ==
          Texts{"127.0.0.1:2"});
    CHECK(http(location("proxy_pass http://127.0.0.1:1; empty_gif;")).empty());
}

TEST_CASE("variables are folded to what set, map, geo and split_clients give them") {
    CHECK(http("map $host $a { x 127.0.0.1:1; default 127.0.0.1:2; }" +
               location("proxy_pass http://$a;")) == Texts{"127.0.0.1:1, 127.0.0.1:2"});
    CHECK(http("geo $a { 10.0.0.0/8 127.0.0.1:1; default 127.0.0.1:2; }" +
               location("proxy_pass http://$a;")) == Texts{"127.0.0.1:1, 127.0.0.1:2"});
    CHECK(http("split_clients $remote_addr $a { 10% 127.0.0.1:1; * 127.0.0.1:2; }" +
               location("proxy_pass http://$a;")) == Texts{"127.0.0.1:1, 127.0.0.1:2"});
}

TEST_CASE("a set that surely runs hides those before it") {
    CHECK(http(location("set $p 1; set $h 127.0.0.1:$p; set $p 2; proxy_pass http://$h;")) ==
          Texts{"127.0.0.1:1"});
    CHECK(http("server { set $h 127.0.0.1:1; location /a { proxy_pass http://$h; }\n"
               "location /b { set $h 127.0.0.1:2; proxy_pass http://$h; } }") ==
          Texts{"127.0.0.1:1, 127.0.0.1:2", "127.0.0.1:2"});
    CHECK(http(location("set $h 127.0.0.1:1; if ($arg_a) { set $h 127.0.0.1:2; }"
                        "proxy_pass http://$h;")) == Texts{"127.0.0.1:1, 127.0.0.1:2"});
    CHECK(http(location("set $h 127.0.0.1:1; if ($arg_a) { set $h 127.0.0.1:2;"
                        "proxy_pass http://$h; }")) == Texts{"127.0.0.1:2"});
    CHECK(http(location("if ($arg_a) { break; } set $h 127.0.0.1:1; proxy_pass http://$h;")) ==
          Texts{"127.0.0.1:1 !invalid URL prefix in \"http://\""});
}

TEST_CASE("what one server sets is nothing to another") {
    CHECK(http(location("set $h 127.0.0.1:1; proxy_pass http://$h;") +
               "server { listen 81; location / { proxy_pass http://127.0.0.1$h; } }") ==
          Texts{"127.0.0.1:1", "127.0.0.1:80"});
}

TEST_CASE("chains of variables are followed") {
    CHECK(
        http("map $host $a { x 1; default 2; } map $a $b { 1 127.0.0.$a:1; default 127.0.0.9:$a; }"
             "map $uri $c { default $b; }" +
             location("proxy_pass http://$c;")) ==
        Texts{"127.0.0.1:1, 127.0.0.2:1, 127.0.0.9:1, 127.0.0.9:2"});
}

TEST_CASE("a map without a default gives nothing, too") {
    CHECK(http("map $host $a { x 127.0.0.1:1; }" + location("proxy_pass http://$a;")) ==
          Texts{"127.0.0.1:1 !invalid URL prefix in \"http://\""});
    CHECK(http("map $host $a { x -b; } upstream u { server 127.0.0.1:1; } upstream u-b { server "
               "127.0.0.1:2; }" +
               location("proxy_pass http://u$a;")) == Texts{"group u, group u-b"});
}

TEST_CASE("what is not known makes a target dynamic, for a reason") {
    CHECK(http(location("proxy_pass http://$host;")) == Texts{"? ($host comes with the request)"});
    CHECK(http("map $host $a { x 127.0.0.1:1; default $http_b; }" +
               location("proxy_pass http://$a;")) ==
          Texts{"127.0.0.1:1, ? ($http_b comes with the request)"});
    CHECK(http("server { location ~ ^/(?<a>.+)$ { proxy_pass http://$a; } }") ==
          Texts{"? ($a is a part of what a pattern matches)"});
    CHECK(http("server { location ~ ^/(.+)$ { proxy_pass http://127.0.0.1:$1; } }") ==
          Texts{"? ($1 is a part of what a pattern matches)"});
    CHECK(http("map $b $a { default $b; } map $a $b { default $a; }" +
               location("proxy_pass http://$a;")) == Texts{"? ($a depends on itself)"});
    CHECK(http("server { location / { auth_request /a; auth_request_set $a $sent_http_x;"
               "proxy_pass http://$a; } }") == Texts{"? (a script or a module sets $a)"});
}

TEST_CASE("what follows the host is no matter") {
    CHECK(http("upstream u { server 127.0.0.1:1; }" +
               location("proxy_pass http://u$request_uri;")) == Texts{"group u"});
    CHECK(http(location("proxy_pass http://127.0.0.1:1/$host;")) == Texts{"127.0.0.1:1"});
    CHECK(http(location("proxy_pass http://127.0.0.1:1?$args;")) == Texts{"127.0.0.1:1"});
    CHECK(http(location("proxy_pass http://unix:/s:/$host;")) == Texts{"unix:/s"});
    CHECK(http(location("proxy_pass http://unix:/s$host;")) ==
          Texts{"? ($host comes with the request)"});
    CHECK(http(location("proxy_pass http://127.0.0.1:1$host;")) ==
          Texts{"? ($host comes with the request)"});
    CHECK(http(location("fastcgi_pass 127.0.0.1:1/$host;")) ==
          Texts{"? ($host comes with the request)"});
}

TEST_CASE("a server knows its own name, ports and scheme") {
    const std::string server = "server { listen 81; listen 82; server_name b c; location / { ";
    CHECK(http(server + "proxy_pass http://127.0.0.1:$server_port; } }") ==
          Texts{"127.0.0.1:81, 127.0.0.1:82"});
    CHECK(http(server + "proxy_pass $scheme://127.0.0.1; } }") == Texts{"127.0.0.1:80"});
    CHECK(http(server + "fastcgi_pass unix:/run/$server_name; } }") == Texts{"unix:/run/b"});
}

TEST_CASE("a name without a resolver leads nowhere") {
    const std::string map = "map $host $a { default name; }";
    CHECK(http(map + location("proxy_pass http://$a;")) ==
          Texts{" !no resolver defined to resolve name"});
    CHECK(http(map + "resolver 127.0.0.1;" + location("proxy_pass http://$a;")) ==
          Texts{"udp 127.0.0.1:53", "name:80"});
    CHECK(http(location("proxy_pass http://name;")) == Texts{"name:80"});
}

TEST_CASE("a name that is looked up once is another target than one that is so again and again") {
    const ResolutionGraph graph = build_graph(
        read_model("http { resolver 127.0.0.1; map $host $a { default other; }\n" +
                   location("proxy_pass http://name;") + location("proxy_pass http://$a;") + "}"));
    REQUIRE(graph.targets.size() == 3);
    CHECK(graph.targets[1].resolved == Peer::Resolved::load);
    CHECK(graph.targets[2].resolved == Peer::Resolved::runtime);
}

TEST_CASE("too many values make a target dynamic") {
    std::string map = "map $host $a {";
    for (int i = 0; i < 2000; ++i)
        map += " a" + std::to_string(i) + " 127.0.0.1:" + std::to_string(i + 1) + ";";
    const ResolutionGraph graph =
        build_graph(read_model("http { map_hash_max_size 100000; " + map + " }\n" +
                               location("proxy_pass http://$a;") + "}"));
    REQUIRE(graph.edges.size() == 1);
    CHECK(graph.edges[0].ways.size() >= 1024);
    CHECK(graph.edges[0].ways.size() <= 1026);
    CHECK(graph.target(graph.edges[0].ways.back().target).reason.find("1024") != std::string::npos);
}

TEST_CASE("other directives contact somebody, too") {
    CHECK(ways_of(read_model("error_log syslog:server=10.0.0.1,tag=a;\n"
                             "http { access_log syslog:server=unix:/dev/log,nohostname;\n"
                             "access_log /var/log/a; resolver 10.0.0.2 [::1]:54 valid=1s;\n"
                             "server { access_log syslog:server=10.0.0.1:515; } }\n"
                             "mail { auth_http http://10.0.0.3/auth; resolver off;\n"
                             "server { listen 25; protocol smtp; auth_http 10.0.0.4:81; } }")) ==
          Texts{"udp 10.0.0.1:514", "udp unix:/dev/log", "udp 10.0.0.2:53, udp [::1]:54",
                "udp 10.0.0.1:515", "10.0.0.3:80", "10.0.0.4:81"});
}

TEST_CASE("the responder of a certificate is not known before somebody reads it") {
    const std::string certificate = "ssl_certificate a; ssl_certificate_key b;";
    CHECK(http(certificate + "ssl_stapling on; server { }") ==
          Texts{"? (the certificate names it)"});
    CHECK(http(certificate +
               "ssl_stapling on; ssl_stapling_responder http://10.0.0.1/; server { }") ==
          Texts{"10.0.0.1:80"});
}

} // namespace
} // namespace upstream_lint
