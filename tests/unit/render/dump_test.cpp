#include "upstream_lint/render.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <string>

using namespace upstream_lint;
using Json = nlohmann::json;

namespace {

Config load_files(const MemoryFileSystem& files) {
    LoadOptions options;
    options.build = official_build(newest_tested_version);
    options.first_error_only = false;
    return load_config(files, "/c/nginx.conf", options);
}

Json dump(const MemoryFileSystem& files, const DumpOptions& options = {}) {
    TextStyle style;
    style.base_folder = "/c/";
    return Json::parse(render_dump(load_files(files), options, style));
}

} // namespace

TEST_CASE("the payload is crossplane's") {
    MemoryFileSystem files;
    files.add("/c/nginx.conf",
              "events { } # e\nhttp {\n  include b.conf;\n  include a*.conf;\n}\n");
    files.add("/c/a1.conf", "gzip on;");
    files.add("/c/a2.conf", "include b.conf;");
    files.add("/c/b.conf", "map $host \"$b\" { x\\ty 'z'; }\n");
    const Json document = dump(files);
    CHECK(document == Json::parse(R"({
        "schema": "nginx-upstream-lint/dump/1", "status": "ok", "errors": [],
        "config": [
          {"file": "nginx.conf", "status": "ok", "errors": [], "parsed": [
            {"directive": "events", "line": 1, "args": [], "block": []},
            {"directive": "http", "line": 2, "args": [], "block": [
              {"directive": "include", "line": 3, "args": ["b.conf"], "includes": [1]},
              {"directive": "include", "line": 4, "args": ["a*.conf"], "includes": [2, 3]}]}]},
          {"file": "b.conf", "status": "ok", "errors": [], "parsed": [
            {"directive": "map", "line": 1, "args": ["$host", "$b"], "block": [
              {"directive": "x\ty", "line": 1, "args": ["z"]}]}]},
          {"file": "a1.conf", "status": "ok", "errors": [], "parsed": [
            {"directive": "gzip", "line": 1, "args": ["on"]}]},
          {"file": "a2.conf", "status": "ok", "errors": [], "parsed": [
            {"directive": "include", "line": 1, "args": ["b.conf"], "includes": [1]}]}]})"));
}

TEST_CASE("combined, comments, spans") {
    MemoryFileSystem files;
    files.add("/c/nginx.conf",
              "# first\nevents { # in\n }\nuser a # mid\n b;\nhttp { include b; } # last");
    files.add("/c/b", "gzip on;\n# b\n");
    const Json combined = dump(files, {.combine = true});
    CHECK(combined["config"].size() == 1);
    CHECK(combined["config"][0]["parsed"][2]["block"] ==
          Json::parse(R"([{"file": "b", "directive": "gzip", "line": 1, "args": ["on"]}])"));
    const Json comments = dump(files, {.comments = true});
    const Json& parsed = comments["config"][0]["parsed"];
    CHECK(parsed[0] ==
          Json::parse(R"({"directive": "#", "line": 1, "args": [], "comment": " first"})"));
    CHECK(parsed[1]["block"][0]["comment"] == " in");
    CHECK(parsed[2]["args"] == Json::parse(R"(["a", "b"])"));
    CHECK(parsed[3]["comment"] == " mid");
    CHECK(parsed[5]["comment"] == " last");
    const Json spans = dump(files, {.spans = true});
    CHECK(spans["config"][0]["parsed"][0]["span"] ==
          Json::parse(
              R"({"offset": 8, "end_offset": 24, "column": 1, "end_line": 3, "end_column": 3})"));
}

TEST_CASE("conditions lose their parentheses, Lua is one argument") {
    MemoryFileSystem files;
    files.add("/c/nginx.conf",
              "events {} http { server { if ($a = \"b\") { } if ( $c ) { } if (!-f $d) {} } "
              "init_by_lua_block { x = {} } }");
    const Json document = dump(files);
    const Json& block = document["config"][0]["parsed"][1]["block"];
    CHECK(block[0]["block"][0]["args"] == Json::parse(R"(["$a", "=", "b"])"));
    CHECK(block[0]["block"][1]["args"] == Json::parse(R"(["$c"])"));
    CHECK(block[0]["block"][2]["args"] == Json::parse(R"(["!-f", "$d"])"));
    CHECK(block[1]["args"] == Json::parse(R"([" x = {} "])"));
    CHECK_FALSE(block[1].contains("block"));
}

TEST_CASE("errors stand with their files, and bytes that are no UTF-8 become characters") {
    MemoryFileSystem files;
    files.add("/c/nginx.conf", "events {}\ninclude b;\ninclude none;");
    files.add("/c/b", "bad\xff;");
    const Json document = dump(files);
    CHECK(document["status"] == "failed");
    CHECK(document["errors"].size() == 2);
    CHECK(
        document["config"][0]["errors"][0] ==
        Json::parse(
            R"({"error": "open() \"/c/none\" failed (2: No such file or directory) in /c/nginx.conf:3", "line": 3})"));
    CHECK(document["config"][1]["errors"][0]["error"] ==
          "unknown directive \"bad\xc3\xbf\" in /c/b:1");
    CHECK(document["config"][1]["parsed"][0]["directive"] == "bad\xc3\xbf");
}

TEST_CASE("nesting without a bound") {
    MemoryFileSystem files;
    std::string text = "events {} http { server { ";
    for (int i = 0; i < 200'000; ++i) {
        text += "location / { ";
    }
    files.add("/c/nginx.conf", text);
    CHECK(render_dump(load_files(files), {.indent = 2}, {}).size() > text.size());
}
