#include "support/read_model.hpp"
#include "upstream_lint/model.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::read_model;

/// The line of a directive; 0 for none.
std::uint32_t line_of(const Model& model, DirectiveRef directive) {
    if (directive.is_none())
        return 0;
    const FileId file = model.config().inclusion(directive.inclusion).file;
    const Span span = model.config().words_span(file, directive.node);
    return model.config().sources().line_column(file, span.begin).line;
}

/// `ADDRESS flags line default/servers`.
std::string shown(const Model& model, const Listener& listener) {
    std::string text = listener.host.empty() ? socket_text(listener.address)
                                             : std::string(listener.host) + ":" +
                                                   std::to_string(listener.address.port) + " name";
    text += listener.is_datagram ? " datagram" : "";
    text += listener.ssl ? " ssl" : "";
    text += listener.http2 ? " http2" : "";
    text += listener.proxy_protocol ? " proxy_protocol" : "";
    text += listener.is_dual_stack ? " dual" : "";
    text += listener.tests_names ? " names" : "";
    text += " line " + std::to_string(line_of(model, listener.directive)) + " ";
    for (const ServerId server : listener.servers)
        text += std::to_string(server.value) + (server == listener.default_server ? "*" : "");
    return text;
}

std::vector<std::string> all_shown(const Model& model) {
    std::vector<std::string> all;
    for (const Listener& listener : model.listeners())
        all.push_back(shown(model, listener));
    return all;
}

TEST_CASE("servers of one address stand together, with what any of them asks for") {
    const Model model =
        read_model("http { server { listen 8080; listen 127.0.0.1:8080; }\n"
                   "server { listen *:8080 default_server proxy_protocol; }\n"
                   "server { listen unix:/run/a.sock; listen [::]:8080 ipv6only=off;\n"
                   "listen 8081-8082 ssl http2; ssl_certificate a; "
                   "ssl_certificate_key b; listen 8443 quic; }\n"
                   "server { server_name x; } }");
    CHECK(all_shown(model) == std::vector<std::string>{
                                  "0.0.0.0:8080 proxy_protocol names line 2 01*",
                                  "127.0.0.1:8080 line 2 0*",
                                  "unix:/run/a.sock line 4 2*",
                                  "[::]:8080 dual line 4 2*",
                                  "0.0.0.0:8081 ssl http2 line 5 2*",
                                  "0.0.0.0:8082 ssl http2 line 5 2*",
                                  "0.0.0.0:8443 datagram line 5 2*",
                                  "0.0.0.0:80 line 0 3*",
                              });
}

TEST_CASE("names are looked at where there is a choice or something to capture") {
    const Model model = read_model("http { server { listen 81; server_name ~^(a)$; }\n"
                                   "server { listen 82; server_name ~^(a)$ ~b; }\n"
                                   "server { listen 83; server_name ~b ~^(?<x>a)$; } }");
    REQUIRE(model.listeners().size() == 3);
    CHECK(model.listeners()[0].tests_names);
    CHECK_FALSE(model.listeners()[1].tests_names); // nginx remembers the last pattern
    CHECK(model.listeners()[2].tests_names);
}

TEST_CASE("names that nginx looks up are listeners whose address is not known") {
    const Model model = read_model("http { server { listen localhost:81; listen localhost; }\n"
                                   "server { listen LOCALHOST:81 default_server ssl; "
                                   "ssl_certificate a; ssl_certificate_key b; } }");
    CHECK(all_shown(model) == std::vector<std::string>{"localhost:81 name ssl names line 2 01*",
                                                       "localhost:80 name line 2 0*"});
}

TEST_CASE("servers of stream and mail have listeners and settings, too") {
    const Model model =
        read_model("mail { auth_http 127.0.0.1:9000; server { listen 143; protocol imap; }\n"
                   "server { listen 127.0.0.1:25-26 ssl proxy_protocol; protocol smtp; "
                   "ssl_certificate a; ssl_certificate_key b; } }\n"
                   "stream { server { listen 53 udp; listen 53; proxy_pass 127.0.0.1:54; }\n"
                   "server { listen [::1]:55 proxy_protocol; return x; } }\n"
                   "http { server { listen 80; } }");
    CHECK(all_shown(model) == std::vector<std::string>{
                                  "0.0.0.0:80 line 6 4*",
                                  "0.0.0.0:53 datagram line 4 2*",
                                  "0.0.0.0:53 line 4 2*",
                                  "[::1]:55 proxy_protocol line 5 3*",
                                  "0.0.0.0:143 line 2 0*",
                                  "127.0.0.1:25 ssl proxy_protocol line 3 1*",
                                  "127.0.0.1:26 ssl proxy_protocol line 3 1*",
                              });
    REQUIRE(model.servers().size() == 5);
    CHECK(model.servers()[0].protocol == Protocol::mail);
    CHECK(model.servers()[2].protocol == Protocol::stream);
    CHECK(model.servers()[4].protocol == Protocol::http);
    const Location& level = model.location(model.servers()[3].level);
    CHECK(level.kind == Location::Kind::server);
    CHECK(model.location(level.parent).kind == Location::Kind::stream);
    const auto settings = model.settings(model.servers()[3].level);
    REQUIRE(settings.size() == 2);
    CHECK(settings[1].name == "return");
}

TEST_CASE("names of servers are kept in order, as nginx compares them") {
    const Model model = read_model("http { server { listen 80; server_name A.Example $HostName;\n"
                                   "server_name ~^x\\d ~^X *.B \"\"; } server { listen 81; }\n"
                                   "server { listen 82; location / {} server_name c; } }");
    const auto names = model.server_names(ServerId{0});
    REQUIRE(names.size() == 6);
    CHECK(names[0].text == "a.example");
    CHECK(names[1].kind == ServerName::Kind::hostname);
    CHECK(names[2].kind == ServerName::Kind::regex);
    CHECK(names[2].text == "^x\\d");
    CHECK_FALSE(names[2].ignores_case);
    CHECK(names[3].ignores_case);
    CHECK(names[3].text == "^X");
    CHECK(names[4].text == "*.b");
    CHECK(names[5].text.empty());
    CHECK(line_of(model, names[4].directive) == 3);
    CHECK(model.server_names(ServerId{1}).empty());
    CHECK(model.server_names(ServerId{2})[0].text == "c");
}

} // namespace
} // namespace upstream_lint
