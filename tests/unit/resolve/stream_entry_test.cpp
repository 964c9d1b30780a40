#include "support/read_model.hpp"
#include "upstream_lint/resolution.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

Model read_stream(const std::string& stream, Version version = newest_tested_version) {
    return test::read_model("stream {\n" + stream + "\n}", version);
}

std::string text_of(const Outcome& outcome) {
    switch (outcome.kind) {
    case Outcome::Kind::stream: {
        std::string text = "to " + outcome.target->text;
        for (const Peer& peer : outcome.peers)
            text += " " + peer.address;
        return text;
    }
    case Outcome::Kind::return_code:
        return "return";
    case Outcome::Kind::close:
        return "close";
    case Outcome::Kind::error:
        return "error";
    case Outcome::Kind::no_listener:
        return "nothing";
    default:
        return "run time";
    }
}

Request request_to(const std::string& url) {
    Request request;
    request.url = url;
    return request;
}

Answer route(const Model& model, const Request& request) {
    return Router(model, {.hostname = "box"}).route(request);
}

/// What comes of a connection of a client at 127.0.0.9; the detail of its last step behind `|`.
std::string way(const Model& model, const std::string& url) {
    Request request = request_to(url);
    request.client = "127.0.0.9:5000";
    const Answer answer = route(model, request);
    CHECK(answer.certainty == Certainty::exact);
    return text_of(answer.outcome) +
           (answer.steps.empty() ? "" : " | " + answer.steps.back().detail);
}

TEST_CASE("a connection goes where its address leads") {
    const Model model =
        read_stream("upstream group { server 127.0.0.1:1; server unix:/s backup; }\n"
                    "server { listen 80; proxy_pass group; }\n"
                    "server { listen 127.0.0.1:80; return $server_addr:$protocol; }\n"
                    "server { listen 80 udp; return $server_port:$protocol; }\n"
                    "server { listen 81; proxy_pass name:5; }");
    CHECK(way(model, "tcp://127.0.0.2:80") == "to group 127.0.0.1:1 unix:/s | group");
    CHECK(way(model, "tcp://127.0.0.1:80") == "return | 127.0.0.1:TCP");
    CHECK(way(model, "udp://127.0.0.1:80") == "return | 80:UDP");
    CHECK(way(model, "tcp://127.0.0.1:81") == "to name:5 name:5 | name:5");
    CHECK(way(model, "tcp://any.name:81") == "to name:5 name:5 | name:5");
    CHECK(way(model, "tcp://127.0.0.1:82") == "nothing");
    CHECK(way(model, "udp://127.0.0.1:81") == "nothing");
}

TEST_CASE("the name of a handshake chooses the server that answers") {
    const std::string servers =
        "map $ssl_preread_server_name $port { hostnames; .a.example 1; default 2; }\n"
        "server { listen 443; ssl_preread on; proxy_pass 127.0.0.1:$port; }\n"
        "server { listen 443; server_name b.example; return b; }\n"
        "server { listen 443; server_name ~^(?<who>.+)\\.c\\.example$; return $who; }\n"
        "server { listen 443; server_name $hostname; return $server_name; }";
    const Model model = read_stream(servers);
    CHECK(way(model, "tcp://x.a.example:443") == "to 127.0.0.1:1 127.0.0.1:1 | 127.0.0.1:1");
    CHECK(way(model, "tcp://127.0.0.1:443?sni=A.example") ==
          "to 127.0.0.1:1 127.0.0.1:1 | 127.0.0.1:1");
    CHECK(way(model, "tcp://127.0.0.1:443?x=1&sni=B.EXAMPLE.") == "return | b");
    CHECK(way(model, "tcp://d.c.example:443") == "return | d");
    CHECK(way(model, "tcp://box:443") == "return | box");
    CHECK(way(model, "tcp://127.0.0.1:443") == "to 127.0.0.1:2 127.0.0.1:2 | 127.0.0.1:2");
    Request unnamed = request_to("tcp://b.example:443");
    unnamed.has_sni = false;
    CHECK(text_of(route(model, unnamed).outcome) == "to 127.0.0.1:2 127.0.0.1:2");
}

TEST_CASE("who asks for the name too early keeps the answer") {
    const Model model =
        read_stream("server { listen 443; ssl_preread on; set $name "
                    "$ssl_preread_server_name; return <$name$ssl_preread_server_name>; }"
                    "server { listen 444; return <$ssl_preread_server_name>; }");
    CHECK(way(model, "tcp://a.example:443") == "return | <>");
    CHECK(way(model, "tcp://a.example:444") == "return | <>");
}

TEST_CASE("a server that speaks TLS itself knows the name from its handshake") {
    const Model model = read_stream("ssl_certificate a; ssl_certificate_key b;\n"
                                    "server { listen 443 ssl; return default; }\n"
                                    "server { listen 443 ssl; server_name a.example;\n"
                                    "return <$ssl_server_name$ssl_preread_server_name>; }");
    CHECK(way(model, "tcp://A.example:443") == "return | <A.example>");
    CHECK(way(model, "tcp://127.0.0.1:443") == "return | default");
}

TEST_CASE("a denied connection is closed") {
    const Model model = read_stream("deny 127.0.0.9;\nserver { listen 80; return a; }\n"
                                    "server { listen 81; allow 127.0.0.0/8; deny all; return b; }");
    CHECK(way(model, "tcp://127.0.0.1:80") == "close | denied");
    CHECK(way(model, "tcp://127.0.0.1:81") == "return | b");
    const Answer unknown = route(model, request_to("tcp://127.0.0.1:80"));
    CHECK(unknown.certainty == Certainty::conditional);
    CHECK(unknown.branches.size() == 2);
}

TEST_CASE("a passed connection begins anew at the other listener") {
    const Model model = read_stream("server { listen 80; set $a b; pass 127.0.0.1:81; }\n"
                                    "server { listen 81; return <$a>$server_port; }\n"
                                    "server { listen 82; pass 127.0.0.1:82; }\n"
                                    "server { listen 83; pass 127.0.0.1:84; }\n"
                                    "server { listen 85 udp; pass 127.0.0.1:81; }\n"
                                    "server { listen 86; pass unix:/s; }\n"
                                    "server { listen unix:/s; return <$server_addr>; }");
    CHECK(way(model, "tcp://127.0.0.1:80") == "return | <>81");
    CHECK(way(model, "tcp://127.0.0.1:82") == "error | stream pass cycle");
    CHECK(way(model, "tcp://127.0.0.1:83") == "close | port not found for \"127.0.0.1:84\"");
    CHECK(way(model, "udp://127.0.0.1:85") == "error | cannot pass connection with preread data");
    CHECK(way(model, "tcp://127.0.0.1:86") == "return | <unix:/s>");
}

TEST_CASE("old versions pass connections to listeners for UDP") {
    const std::string servers = "server { listen 80; pass 127.0.0.1:81; }\n"
                                "server { listen 81 udp; return $protocol; }";
    CHECK(way(read_stream(servers, {1, 26, 3}), "tcp://127.0.0.1:80") == "return | TCP");
    CHECK(way(read_stream(servers), "tcp://127.0.0.1:80") ==
          "close | port not found for \"127.0.0.1:81\"");
}

TEST_CASE("a computed target fails as nginx says") {
    const Model model =
        read_stream("map $server_port $to { 80 127.0.0.1; 81 name:1; default :1; }\n"
                    "server { listen 80; listen 81; listen 82; proxy_pass $to; }");
    CHECK(way(model, "tcp://127.0.0.1:80") == "error | no port in upstream \"127.0.0.1\"");
    CHECK(way(model, "tcp://127.0.0.1:81") == "error | no resolver defined to resolve name");
    CHECK(way(model, "tcp://127.0.0.1:82") == "error | no host in upstream \":1\"");
}

TEST_CASE("what is not known forks or makes a target dynamic") {
    const Model model =
        read_stream("map $ssl_preread_alpn_protocols $to { h2 127.0.0.1:1; default 127.0.0.1:2; }\n"
                    "server { listen 80; ssl_preread on; proxy_pass $to; }\n"
                    "server { listen 81; proxy_pass 127.0.0.1:$remote_port; }");
    const Answer forked = route(model, request_to("tcp://127.0.0.1:80"));
    CHECK(forked.certainty == Certainty::conditional);
    REQUIRE(forked.branches.size() == 2);
    CHECK(text_of(forked.branches[0].outcome) == "to 127.0.0.1:1 127.0.0.1:1");
    const Answer dynamic = route(model, request_to("tcp://127.0.0.1:81"));
    CHECK(dynamic.certainty == Certainty::unknown);
    CHECK(dynamic.outcome.target == Target{Target::Kind::dynamic, "127.0.0.1:$remote_port"});
}

TEST_CASE("ports of other protocols are no way for a connection") {
    const Model model = read_stream("server { listen 80; pass 127.0.0.1:81; }\n}\n"
                                    "http { server { listen 81; return 200; }");
    CHECK(way(model, "tcp://127.0.0.1:80") == "run time | HTTP is spoken here");
    CHECK(way(model, "tcp://127.0.0.1:81") == "run time | HTTP is spoken here");
}

} // namespace
} // namespace upstream_lint
