#include "upstream_lint/render_route.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <string>
#include <vector>

using namespace upstream_lint;

namespace {

std::vector<std::string> problems(std::string_view lines) {
    std::vector<std::string> all;
    for (const RequestProblem& each : parse_requests(lines).problems) {
        all.push_back(fmt::format("{}:{}: {}", each.place.line, each.place.column, each.message));
    }
    return all;
}

} // namespace

TEST_CASE("a line holds all that a request has") {
    const ParsedRequests parsed = parse_requests(
        R"({"id": "a", "method": "POST", "url": "https://a.example/x?y", "http": "2",)"
        R"( "connect": "127.0.0.1:443", "target": "/%41", "sni": "b.example",)"
        R"( "client": "10.0.0.1", "headers": [["Host", "c"], ["X", ""]]})");
    CHECK(parsed.problems.empty());
    REQUIRE(parsed.requests.size() == 1);
    CHECK(parsed.requests[0].id == "\"a\"");
    const Request& request = parsed.requests[0].request;
    CHECK(request.method == "POST");
    CHECK(request.url == "https://a.example/x?y");
    CHECK(request.http == "2");
    CHECK(request.connect == "127.0.0.1:443");
    CHECK(request.target == "/%41");
    CHECK(request.has_sni);
    CHECK(request.sni == "b.example");
    CHECK(request.client == "10.0.0.1");
    REQUIRE(request.headers);
    CHECK(*request.headers == std::vector<HeaderField>{{"Host", "c"}, {"X", ""}});
}

TEST_CASE("what a line leaves out has its default or is not known") {
    const ParsedRequests parsed = parse_requests("{\"url\":\"http://a\"}\r\n \t\r\n\n"
                                                 "{\"id\":7,\"url\":\"http://a\",\"sni\":null}");
    CHECK(parsed.problems.empty());
    REQUIRE(parsed.requests.size() == 2);
    const Request& request = parsed.requests[0].request;
    CHECK(parsed.requests[0].id == "null");
    CHECK(request.method == "GET");
    CHECK(request.http == "1.1");
    CHECK(request.has_sni);
    CHECK(!request.sni);
    CHECK(!request.connect);
    CHECK(!request.target);
    CHECK(!request.client);
    CHECK(!request.headers);
    CHECK(parsed.requests[1].id == "7");
    CHECK(!parsed.requests[1].request.has_sni);
}

TEST_CASE("a line that is wrong is named, and the others are read") {
    const ParsedRequests parsed =
        parse_requests("{\"url\":\"http://a\"}\n{\"url\"\n{\"url\":\"http://b\"}\n");
    CHECK(parsed.requests.size() == 2);
    REQUIRE(parsed.problems.size() == 1);
    CHECK(parsed.problems[0].place == LineColumn{2, 7});
    CHECK(parsed.problems[0].message.starts_with("not JSON: "));
}

TEST_CASE("the place of what is wrong is that of the field") {
    struct Row {
        std::string line;
        std::string problem;
    };

    const std::vector<Row> rows = {
        {"[]", "1:1: a request is a JSON object"},
        {"{}", "1:1: a request needs a `url`"},
        {R"({"id": 1, "url": 2})", "1:11: `url` is a text, not number"},
        {R"({"url": "http://a", "id": []})", "1:21: `id` is a text or a number, not array"},
        {R"({"url": "http://a", "headers": {"a": "b"}})",
         "1:21: `headers` is a list of [name, value]"},
        {R"({"url": "http://a", "headers": [["a"]]})",
         "1:21: `headers` is a list of [name, value]"},
        {R"({"url": "http://a", "connect": "127.0.0.1"})",
         "1:21: \"127.0.0.1\" is nothing to connect to: that is ADDRESS:PORT or unix:/path"},
        {R"({"url": "http://a", "client": "me"})",
         "1:21: \"me\" is no address of a client: that is ADDRESS, ADDRESS:PORT or unix:"},
        {R"({"id": "\"url\":", "url": "a.example/x"})",
         "1:20: \"a.example/x\" is no URL: it has to begin with http://, https://, tcp:// or "
         "udp:// and name a "
         "host"},
        {R"({"url": "http://a", "verb": "GET"})",
         "1:21: a request has no `verb`; it has id, method, url, http, connect, target, sni, "
         "client and headers"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.line);
        CHECK(problems(row.line) == std::vector{row.problem});
    }
}

TEST_CASE("no line is too strange to be refused") {
    const std::string deep(100'000, '[');
    for (const std::string& line :
         {deep, "{\"headers\":" + deep, std::string("\0", 1), std::string("\xff\xfe"),
          std::string("{\"url\":\"\xff\"}"), std::string("1e999999"), std::string("\"")}) {
        CHECK(parse_requests(line).problems.size() == 1);
    }
}

TEST_CASE("addresses are looked at before anything is asked of them") {
    const auto is_right = [](const std::string& connect, const std::string& client) {
        Request request;
        request.url = "http://a/";
        request.connect = connect;
        request.client = client;
        return !find_problem(request);
    };
    CHECK(is_right("127.0.0.1:80", "127.0.0.1"));
    CHECK(is_right("[::1]:80", "::1"));
    CHECK(is_right("unix:/run/a.sock", "unix:"));
    CHECK(is_right("10.0.0.1:1", "10.0.0.2:4000"));
    CHECK(!is_right("unix:", "::1"));
    CHECK(!is_right("localhost:80", "::1"));
    CHECK(!is_right("127.0.0.1:80", "localhost"));
    CHECK(!is_right("127.0.0.1:80", ""));
}
