#include "support/read_model.hpp"
#include "upstream_lint/probe_plan.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using test::read_model;

std::string text_of(const Probe& probe) {
    std::string text = probe.is_datagram ? "udp " : "";
    text += probe.subject;
    if (probe.port != 0) {
        text += fmt::format(":{}", probe.port);
    }
    if (!probe.service.empty()) {
        text += " service " + probe.service;
    }
    switch (probe.kind) {
    case Probe::Kind::unix_socket:
        return "path " + text;
    case Probe::Kind::listener:
        return "at " + text;
    case Probe::Kind::name:
        return "name " + text;
    case Probe::Kind::resolver_name:
        break;
    }
    return fmt::format("name {} of {}", text, fmt::join(probe.resolvers, " "));
}

std::string text_of(const ProbePlan& plan) {
    std::string text;
    for (const Probe& probe : plan.probes) {
        text += (text.empty() ? "" : ", ") + text_of(probe);
    }
    return text;
}

std::string probes_of(const std::string& text) {
    const Model model = read_model(text);
    return text_of(plan_probes(model, build_graph(model)));
}

std::string in_http(const std::string& text) {
    return "http {\n" + text + "\n}";
}

std::string locations(const std::string& text) {
    return in_http("server {" + text + "}");
}

} // namespace

TEST_CASE("every question is asked once") {
    const Model model = read_model(in_http(
        "upstream a { server 127.0.0.1:1; server unix:/s down; server unix:/t backup; "
        "server b.example; } server {"
        "location /1 { proxy_pass http://127.0.0.1:1; } location /2 { proxy_pass http://a; }"
        "location /3 { proxy_pass https://127.0.0.1:1/x; }"
        "location /4 { fastcgi_pass unix:/t; } }"));
    const ResolutionGraph graph = build_graph(model);
    const ProbePlan plan = plan_probes(model, graph);
    CHECK(text_of(plan) == "at 127.0.0.1:1, path /t, name b.example:80");
    REQUIRE(plan.needs.size() == graph.targets.size());
    const std::vector<ProbePlan::Need>& of_group = plan.needs[1];
    REQUIRE(of_group.size() == 3);
    CHECK(of_group[0].peer == 0);
    CHECK(plan.probe(of_group[0].probe).subject == "127.0.0.1:1");
    CHECK(of_group[1].peer == 2);
    CHECK(of_group[2].peer == 3);
}

TEST_CASE("of servers that are down their names have to be known") {
    CHECK(probes_of(in_http("upstream a { server b.example:8080 down; server 127.0.0.1:1 down; "
                            "server unix:/s; } server { location / { proxy_pass http://a; } }")) ==
          "name b.example, path /s");
}

TEST_CASE("datagrams are asked for as such") {
    CHECK(probes_of("error_log syslog:server=127.0.0.1; stream { resolver 127.0.0.53;"
                    "server { listen 1 udp; proxy_pass 127.0.0.1:1; } }") ==
          "at udp 127.0.0.1:514, at udp 127.0.0.53:53, at udp 127.0.0.1:1");
}

TEST_CASE("a name that is looked up for each request is asked from the resolvers around it") {
    CHECK(probes_of(in_http("resolver 127.0.0.1 [::1]:5353; server { set $a app.example;"
                            "location /1 { proxy_pass http://$a:81; }"
                            "location /2 { resolver 127.0.0.2; proxy_pass http://$a:81; }"
                            "location /3 { proxy_pass http://$a:81/x; }"
                            "location /4 { proxy_pass http://b.example; } }")) ==
          "at udp 127.0.0.1:53, at udp [::1]:5353, name app.example:81 of "
          "127.0.0.1:53 [::1]:5353, at udp 127.0.0.2:53, name app.example:81 of 127.0.0.2:53, name "
          "b.example:80");
}

TEST_CASE("without a resolver there is nobody to ask") {
    CHECK(probes_of(locations("set $a app.example; location / { proxy_pass http://$a:81; }"))
              .empty());
}

TEST_CASE("a group asks its own resolver, or that of the block around it") {
    const std::string servers = "zone z 64k; server app.example resolve; "
                                "server srv.example service=http resolve; ";
    const std::string server = "server { location / { proxy_pass http://a; } }";
    CHECK(probes_of(in_http("resolver 127.0.0.1; upstream a { " + servers + "}" + server)) ==
          "at udp 127.0.0.1:53, name app.example:80 of 127.0.0.1:53, name srv.example service http "
          "of 127.0.0.1:53");
    CHECK(probes_of(in_http("resolver 127.0.0.1; upstream a { resolver 127.0.0.2; " + servers +
                            "}" + server)) ==
          "at udp 127.0.0.2:53, at udp 127.0.0.1:53, name app.example:80 of 127.0.0.2:53, name "
          "srv.example service http of 127.0.0.2:53");
}

TEST_CASE("a listener of nginx itself and what only a request can tell are not asked for") {
    CHECK(probes_of("stream { server { listen 1; pass 127.0.0.1:2; } }" +
                    locations("location / { proxy_pass http://$arg_a; }"))
              .empty());
}

} // namespace upstream_lint
