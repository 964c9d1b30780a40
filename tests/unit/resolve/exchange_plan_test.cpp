#include "support/read_model.hpp"
#include "upstream_lint/probe_plan.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string>

namespace upstream_lint {
namespace {

using test::read_model;

constexpr Version debian{1, 22, 1};

std::string text_of(const UpstreamTls& tls) {
    std::string text = fmt::format("tls {}", fmt::join(tls.protocols, ","));
    const auto add = [&](const char* name, const std::string& value) {
        text += value.empty() ? "" : fmt::format(" {}={}", name, value);
    };
    add("ciphers", tls.ciphers == "DEFAULT" ? "" : tls.ciphers);
    add("sni", tls.server_name);
    add("alpn", tls.alpn);
    add("verified", tls.verified_name);
    add("trusted", tls.trusted_certificate);
    add("crl", tls.crl);
    add("depth", tls.verify_depth == 1 ? "" : std::to_string(tls.verify_depth));
    add("without", tls.left_out);
    return text + (tls.verify ? " verify" : "") + (tls.has_client_certificate ? " shows" : "");
}

std::string text_of(const ProbePlan& plan, const ExchangeProbe& asked) {
    std::string text = plan.probe(asked.probe).subject + ":";
    switch (asked.exchange.protocol) {
    case Exchange::Protocol::http:
        text += fmt::format(" http/{}", asked.exchange.http_version);
        break;
    case Exchange::Protocol::http2:
        text += " http2";
        break;
    case Exchange::Protocol::fastcgi:
        text += " fastcgi";
        break;
    case Exchange::Protocol::none:
        break;
    }
    text += asked.uri.empty() ? "" : fmt::format(" {} of {}", asked.uri, asked.host);
    text += asked.left_out.empty() ? "" : fmt::format(" ({})", asked.left_out);
    return asked.exchange.tls ? text + " " + text_of(*asked.exchange.tls) : text;
}

ProbePlan plan_of(const Model& model) {
    const ResolutionGraph graph = build_graph(model);
    ProbePlan plan = plan_probes(model, graph);
    CHECK(plan.exchanges.empty());
    plan_exchanges(plan, model, graph);
    return plan;
}

std::string exchanges_of(const std::string& text, Version version = debian) {
    const Model model = read_model(text, version);
    const ProbePlan plan = plan_of(model);
    std::string all;
    for (const ExchangeProbe& asked : plan.exchanges) {
        all += (all.empty() ? "" : "\n") + text_of(plan, asked);
    }
    return all;
}

std::string server(const std::string& text) {
    return "http { server { listen 80; server_name shop.example;" + text + "} }";
}

const std::string tls12 = "tls TLSv1,TLSv1.1,TLSv1.2";

} // namespace

TEST_CASE("exchanges: HEAD of what nginx would ask for") {
    CHECK(exchanges_of(server("location /api/ { proxy_pass http://127.0.0.1:8000/v1/; }")) ==
          "127.0.0.1:8000: http/1.0 /v1/ of 127.0.0.1:8000");
    CHECK(exchanges_of(server("location / { proxy_pass http://127.0.0.1:8000;"
                              "proxy_set_header Host $host; proxy_http_version 1.1;"
                              "proxy_set_header Authorization secret; }")) ==
          "127.0.0.1:8000: http/1.1 / of shop.example");
    CHECK(exchanges_of(server("location / { rewrite ^ /x?token=secret break;"
                              "proxy_pass http://127.0.0.1:8000; }")) ==
          "127.0.0.1:8000: http/1.0 /x of 127.0.0.1:8000");
    CHECK(exchanges_of(server("location / { proxy_pass http://127.0.0.1:8000; }"),
                       newest_tested_version)
              .starts_with("127.0.0.1:8000: http/1.1"));
}

TEST_CASE("exchanges: who would say the same says it once, with the shortest path") {
    CHECK(exchanges_of(server("location /long/ { proxy_pass http://127.0.0.1:8000; }"
                              "location /a { proxy_pass http://127.0.0.1:8000; }"
                              "location /b/ { proxy_pass http://127.0.0.1:8000/other/; }")) ==
          "127.0.0.1:8000: http/1.0 /a of 127.0.0.1:8000");
    CHECK(exchanges_of(server("location /a { proxy_pass http://127.0.0.1:8000; }"
                              "location /b { proxy_pass https://127.0.0.1:8000; }"
                              "location /c { fastcgi_pass 127.0.0.1:8000; }")) ==
          "127.0.0.1:8000: http/1.0 /a of 127.0.0.1:8000\n"
          "127.0.0.1:8000: http/1.0 /b of 127.0.0.1:8000 " +
              tls12 + "\n127.0.0.1:8000: fastcgi");
    const Model model = read_model(server("location /a { proxy_pass http://127.0.0.1:8000; }"
                                          "location /b { proxy_pass http://127.0.0.1:8000; }"),
                                   debian);
    const ProbePlan plan = plan_of(model);
    REQUIRE(plan.exchanges.size() == 1);
    CHECK(plan.exchanges[0].edges == std::vector<std::uint32_t>{0, 1});
    CHECK(plan.exchanges[0].targets == std::vector<std::uint32_t>{0});
}

TEST_CASE("exchanges: each server of a group, but those that are down") {
    CHECK(exchanges_of("http { upstream app { server 127.0.0.1:1; server unix:/s; server "
                       "127.0.0.1:2 down; } server { listen 80; server_name a.example; location / "
                       "{ proxy_pass https://app; proxy_ssl_server_name on; } } }") ==
          "127.0.0.1:1: http/1.0 / of app " + tls12 + " sni=app\n/s: http/1.0 / of app " + tls12 +
              " sni=app");
}

TEST_CASE("exchanges: TLS as the directives want it") {
    const auto tls = [](const std::string& settings, Version version = debian) {
        const std::string text = exchanges_of(
            server("location / { proxy_pass https://app.example:8443; " + settings + "}"), version);
        const std::size_t at = text.find("tls ");
        return at == std::string::npos ? text : text.substr(at);
    };
    CHECK(tls("") == tls12);
    CHECK(tls("", {1, 26, 0}) == tls12 + ",TLSv1.3");
    CHECK(tls("", {1, 30, 0}) == "tls TLSv1.2,TLSv1.3");
    CHECK(tls("proxy_ssl_protocols TLSv1.3 TLSv1.2; proxy_ssl_ciphers HIGH;") ==
          "tls TLSv1.2,TLSv1.3 ciphers=HIGH");
    CHECK(tls("proxy_ssl_server_name on;") == tls12 + " sni=app.example");
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name other.example;") ==
          tls12 + " sni=other.example");
    CHECK(tls("proxy_ssl_name other.example;") == tls12);
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name $proxy_host;") ==
          tls12 + " sni=app.example");
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name $host;") == tls12 + " sni=shop.example");
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name $server_name;") ==
          tls12 + " sni=shop.example");
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name www.$host;") ==
          tls12 + " sni=www.shop.example");
    CHECK(tls("proxy_ssl_server_name on; proxy_ssl_name $cookie_x;") ==
          tls12 + " without=`proxy_ssl_name` depends on requests");
    CHECK(tls("proxy_ssl_name $cookie_x;") == tls12);
    CHECK(tls("proxy_ssl_verify on; proxy_ssl_trusted_certificate ca.pem; proxy_ssl_crl /crl.pem; "
              "proxy_ssl_verify_depth 3;") ==
          tls12 + " verified=app.example trusted=/etc/nginx/ca.pem crl=/crl.pem depth=3 verify");
    CHECK(tls("proxy_ssl_certificate a.pem; proxy_ssl_certificate_key a.key;") == tls12 + " shows");
    CHECK(tls("proxy_ssl_conf_command MinProtocol TLSv1.2;") ==
          tls12 + " without=`proxy_ssl_conf_command` can change it");
}

TEST_CASE("exchanges: addresses are no names") {
    const std::string on = "proxy_ssl_server_name on; }";
    CHECK(exchanges_of(server("location / { proxy_pass https://127.0.0.1; " + on)) ==
          "127.0.0.1:443: http/1.0 / of 127.0.0.1 " + tls12);
    CHECK(exchanges_of(server("location / { proxy_pass https://[::1]; " + on)) ==
          "[::1]:443: http/1.0 / of [::1] " + tls12);
}

TEST_CASE("exchanges: other protocols") {
    CHECK(exchanges_of(server("http2 on; location / { grpc_pass grpcs://127.0.0.1:1; }"),
                       newest_tested_version) == "127.0.0.1:1: http2 tls TLSv1.2,TLSv1.3 alpn=h2");
    CHECK(exchanges_of(server("location / { grpc_pass 127.0.0.1:1; }")) == "127.0.0.1:1: http2");
    CHECK(exchanges_of(server("location / { fastcgi_pass unix:/run/fpm.sock; }")) ==
          "/run/fpm.sock: fastcgi");
    CHECK(
        exchanges_of(
            server(
                "location /a { uwsgi_pass 127.0.0.1:1; } location /b { scgi_pass "
                "127.0.0.1:2; } location /c { set $memcached_key x; memcached_pass 127.0.0.1:3; }"))
            .empty());
    CHECK(exchanges_of(server("location / { uwsgi_pass suwsgi://127.0.0.1:1; }")) ==
          "127.0.0.1:1: " + tls12);
}

TEST_CASE("exchanges: of stream TLS alone, and of datagrams nothing") {
    CHECK(exchanges_of("stream { server { listen 1; proxy_pass 127.0.0.1:2; }"
                       "server { listen 3 udp; proxy_pass 127.0.0.1:4; } }")
              .empty());
    CHECK(exchanges_of("stream { server { listen 1; proxy_pass app.example:2; proxy_ssl on;"
                       "proxy_ssl_server_name on; } }") ==
          "app.example: " + tls12 + " sni=app.example");
    CHECK(exchanges_of("stream { server { listen 1; proxy_pass 127.0.0.1:2; proxy_ssl on;"
                       "proxy_protocol on; } }") ==
          "127.0.0.1:2: " + tls12 + " without=`proxy_protocol` tells of the client before it");
}

TEST_CASE("exchanges: what depends on requests is left out") {
    CHECK(exchanges_of(server("location / { proxy_pass http://127.0.0.1:1; proxy_set_header Host "
                              "$cookie_x; }")) ==
          "127.0.0.1:1: http/1.0 (no URL is known that leads there)");
    CHECK(exchanges_of(server("location /x { internal; proxy_pass https://127.0.0.1:1; }")) ==
          "127.0.0.1:1: http/1.0 (no URL is known that leads there) " + tls12);
}

TEST_CASE("exchanges: at most sixteen of one listener") {
    std::string locations;
    for (int i = 0; i < 40; ++i) {
        locations += fmt::format("location /{0} {{ proxy_pass https://127.0.0.1; "
                                 "proxy_ssl_server_name on; proxy_ssl_name {0}.example; }}",
                                 i);
    }
    CHECK(plan_of(read_model(server(locations))).exchanges.size() == 16);
}

} // namespace upstream_lint
