#include "resolve/temp_folders.hpp"
#include "support/read_model.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/probe_plan.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>

namespace upstream_lint::test {

namespace {

/// Each folder with what it takes: requests' bodies `<`, responses `>`; how many directives name
/// it, `d` where the executable does, and how many passes and uploads need it.
std::string folders_of(const std::string& http, const TempPaths& defaults = {}) {
    const Model model = read_model("http { " + http + " }");
    std::string text;
    for (const TempFolder& folder : find_temp_folders(model, build_graph(model), defaults)) {
        text += fmt::format("{}{} {}{} {}{} {}+{}", text.empty() ? "" : ", ", folder.path,
                            folder.takes_bodies ? "<" : "", folder.takes_responses ? ">" : "",
                            folder.directives.size(), folder.is_default ? "d" : "",
                            folder.edges.size(), folder.uploads.size());
    }
    return text;
}

const std::string paths = "proxy_temp_path /p; client_body_temp_path /b; fastcgi_temp_path /f; "
                          "uwsgi_temp_path /u; scgi_temp_path /s; ";

std::string in_location(const std::string& directives) {
    return folders_of(paths + "server { location / { " + directives + " } }");
}

const std::string pass = "proxy_pass http://127.0.0.1:1; ";

} // namespace

TEST_CASE("a pass needs the folders of its module and of bodies") {
    CHECK(in_location(pass) == "/p > 1 1+0, /b < 1 1+0");
    CHECK(in_location("fastcgi_pass 127.0.0.1:1;") == "/f > 1 1+0, /b < 1 1+0");
    CHECK(in_location("uwsgi_pass 127.0.0.1:1;") == "/u > 1 1+0, /b < 1 1+0");
    CHECK(in_location("scgi_pass 127.0.0.1:1;") == "/s > 1 1+0, /b < 1 1+0");
    CHECK(in_location("grpc_pass 127.0.0.1:1;").empty());
    CHECK(in_location("memcached_pass 127.0.0.1:1; set $memcached_key a;").empty());
    CHECK(in_location("return 204;").empty());
}

TEST_CASE("who keeps no response in a file needs no folder for responses") {
    const std::string body = "/b < 1 1+0";
    CHECK(in_location(pass + "proxy_buffering off;") == body);
    CHECK(in_location(pass + "proxy_buffering OFF;") == body);
    CHECK(in_location(pass + "proxy_max_temp_file_size 0;") == body);
    CHECK(in_location(pass + "proxy_max_temp_file_size 1m;") == "/p > 1 1+0, /b < 1 1+0");
    CHECK(in_location(pass + "fastcgi_buffering off;") == "/p > 1 1+0, /b < 1 1+0");
}

TEST_CASE("bodies that fit their buffer, or are passed on at once, need none") {
    const std::string response = "/p > 1 1+0";
    CHECK(in_location(pass + "proxy_request_buffering off;") == response);
    CHECK(in_location(pass + "client_max_body_size 16k;") == response);
    CHECK(in_location(pass + "client_body_buffer_size 1m;") == response);
    CHECK(in_location(pass + "client_max_body_size 16385;") == "/p > 1 1+0, /b < 1 1+0");
    CHECK(in_location(pass + "client_max_body_size 0;") == "/p > 1 1+0, /b < 1 1+0");
    CHECK(in_location(pass + "client_max_body_size 8k; client_body_in_file_only clean;") ==
          "/p > 1 1+0, /b < 1 1+0");
}

TEST_CASE("uploads go to a file whatever their size") {
    CHECK(in_location("dav_methods PUT; client_max_body_size 1k;") == "/b < 1 0+1");
    CHECK(in_location("dav_methods DELETE MKCOL;").empty());
    CHECK(in_location("dav_methods off;").empty());
}

TEST_CASE("a folder stands once, with all who need it") {
    CHECK(folders_of("proxy_temp_path /p; client_body_temp_path /p;"
                     "server { location /1 { " +
                     pass + "} location /2 { proxy_temp_path /q; " + pass +
                     "} location /3 { proxy_temp_path /p; " + pass + "} }") ==
          "/p <> 3 3+0, /q > 1 1+0");
}

TEST_CASE("what is not written is where the executable was told to put it") {
    const std::string server = "server { location / { " + pass + "} }";
    CHECK(folders_of(server, {}).empty());
    CHECK(folders_of(server, {.client_body = "/c", .proxy = "proxy_temp"}) ==
          "/etc/nginx/proxy_temp > 0d 1+0, /c < 0d 1+0");
    CHECK(folders_of("proxy_temp_path tmp; client_body_temp_path tmp; " + server) ==
          "/etc/nginx/tmp <> 2 1+0");
}

TEST_CASE("a plan asks for them") {
    const Model model = read_model("http { " + paths + "server { location / { " + pass + "} } }");
    const ProbePlan plan = plan_probes(model, build_graph(model));
    CHECK(plan.folders == std::vector<std::string>{"/p", "/b"});
    const Model other = read_model("http { server { location / { " + pass + "} } }");
    CHECK(plan_probes(other, build_graph(other)).folders ==
          std::vector<std::string>{"/var/cache/nginx/proxy_temp", "/var/cache/nginx/client_temp"});
}

} // namespace upstream_lint::test
