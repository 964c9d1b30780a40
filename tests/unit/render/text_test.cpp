#include "upstream_lint/render.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

using namespace upstream_lint;

namespace {

Config load_text(const std::string& text) {
    MemoryFileSystem files;
    files.add("/srv/conf/nginx.conf", text);
    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.first_error_only = false;
    return load_config(files, "/srv/conf/nginx.conf", options);
}

} // namespace

TEST_CASE("nothing that moves a terminal's cursor is shown") {
    struct Row {
        std::string bytes;
        std::string shown;
    };

    const std::vector<Row> rows = {
        {"plain", "plain"},
        {"a\tb", "a b"},
        {"\x1b[31m", "\\x1b[31m"},
        {std::string("\0\x7f\r", 3), "\\x00\\x7f\\x0d"},
        {"\xc3\xa9", "\xc3\xa9"},
        {"\xff\xc3", "\\xff\\xc3"},
        {"\xc2\x9b", "\\u{9b}"},
        {"\xe2\x80\xae", "\\u{202e}"},
        {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
        {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
        {"\xc0\xaf", "\\xc0\\xaf"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.shown);
        CHECK(visible(row.bytes) == row.shown);
    }
}

TEST_CASE("a diagnostic shows its place, its line, the mistake and what helps") {
    const Config config =
        load_text("events {}\nhttp {\n\tserver {\n\t\tproxy_pas  http://x;\n\t}\n}\n");
    TextStyle style;
    style.base_folder = "/srv/";
    CHECK(render_text(config.diagnostics(), config.sources(), style) ==
          "conf/nginx.conf:4:3: error: unknown directive \"proxy_pas\"\n"
          "    4 |   proxy_pas  http://x;\n"
          "      |   ^~~~~~~~~\n"
          "      = did you mean `proxy_pass`?\n");
    CHECK(render_gcc(config.diagnostics(), config.sources(), style) ==
          "conf/nginx.conf:4:3: error: unknown directive \"proxy_pas\"\n");
    CHECK(render_nginx(config) ==
          "nginx: [emerg] unknown directive \"proxy_pas\" in /srv/conf/nginx.conf:4\n"
          "nginx: configuration file /srv/conf/nginx.conf test failed\n");
}

TEST_CASE("long lines are shown around the mistake only") {
    const Config config =
        load_text("events {} " + std::string(5000, ' ') + "bad; " + std::string(5000, ' '));
    const std::string text = render_text(config.diagnostics(), config.sources(), {});
    CHECK(text.size() < 600);
    CHECK(text.find("bad;") != std::string::npos);
}

TEST_CASE("what nginx says without a place is printed without one") {
    const Config config = load_text("http {}");
    CHECK(render_nginx_line(config.diagnostics()[0], config.sources()) ==
          "nginx: [emerg] no \"events\" section in configuration");
    CHECK(render_text(config.diagnostics(), config.sources(), {}) ==
          "error: no \"events\" section in configuration\n");
}

TEST_CASE("an accepted file is never said to be successful") {
    const std::string text = render_nginx(load_text("events {}"));
    CHECK(text.starts_with("nginx: the configuration file /srv/conf/nginx.conf syntax is ok\n"));
    CHECK(text.find("not looked at") != std::string::npos);
    CHECK(text.find("successful") == std::string::npos);
}
