#include "cli/options.hpp"

#include <doctest/doctest.h>
#include <string>
#include <variant>
#include <vector>

using namespace upstream_lint;
using namespace upstream_lint::cli;

namespace {

std::variant<Options, Stop> parse(std::vector<const char*> words) {
    words.insert(words.begin(), "nginx-upstream-lint");
    return parse_options(static_cast<int>(words.size()), words.data());
}

Options options(const std::vector<const char*>& words) {
    auto parsed = parse(words);
    REQUIRE(std::holds_alternative<Options>(parsed));
    return std::get<Options>(parsed);
}

std::string problem(const std::vector<const char*>& words) {
    const auto parsed = parse(words);
    REQUIRE(std::holds_alternative<Stop>(parsed));
    const Stop& stop = std::get<Stop>(parsed);
    CHECK(stop.status == 2);
    return stop.text.substr(0, stop.text.find('\n'));
}

} // namespace

TEST_CASE("route takes URLs and what they are asked with") {
    const Options given = options({"route",    "--config", "a.conf",     "http://a/",    "--method",
                                   "POST",     "--header", "A:b",        "--header",     "C: d:e",
                                   "--header", "F:",       "--connect",  "127.0.0.1:80", "--client",
                                   "::1",      "--http",   "1.0",        "--target",     "/%41",
                                   "--sni",    "b",        "https://b/", "--why"});
    CHECK(given.command == Command::route);
    CHECK(given.conf == "a.conf");
    CHECK(given.urls == std::vector<std::string>{"http://a/", "https://b/"});
    CHECK(given.request.method == "POST");
    REQUIRE(given.request.headers);
    CHECK(*given.request.headers == std::vector<HeaderField>{{"A", "b"}, {"C", "d:e"}, {"F", ""}});
    CHECK(given.request.connect == "127.0.0.1:80");
    CHECK(given.request.client == "::1");
    CHECK(given.request.http == "1.0");
    CHECK(given.request.target == "/%41");
    CHECK(given.request.sni == "b");
    CHECK(given.request.has_sni);
    CHECK(given.why);
}

TEST_CASE("what route is not told has its default or is not known") {
    const Options given = options({"route", "http://a/"});
    CHECK(!given.conf);
    CHECK(given.request.method == "GET");
    CHECK(given.request.http == "1.1");
    CHECK(!given.request.headers);
    CHECK(!given.request.connect);
    CHECK(!given.request.client);
    CHECK(!given.request.target);
    CHECK(!given.request.sni);
    CHECK(given.request.has_sni);
    CHECK(given.format == Format::text);
    CHECK(!given.why);
    CHECK(!options({"route", "http://a/", "--sni", "none"}).request.has_sni);
    CHECK(options({"route", "--requests", "-", "--format", "jsonl"}).requests == "-");
}

TEST_CASE("what route cannot do anything with is said") {
    struct Row {
        std::vector<const char*> words;
        std::string problem;
    };

    const std::vector<Row> rows = {
        {{"route"}, "there is nothing to find: give a URL, or requests with --requests"},
        {{"route", "a/b"},
         "\"a/b\" is no URL: it has to begin with http://, https://, tcp:// or udp:// "
         "and name a host"},
        {{"route", "http://a/", "http://"},
         "\"http://\" is no URL: it has to begin with http://, https://, tcp:// or udp:// "
         "and name a host"},
        {{"route", "ftp://127.0.0.1:80"},
         "\"ftp://127.0.0.1:80\" is no URL: it has to begin with http://, https://, tcp:// or "
         "udp:// and name a "
         "host"},
        {{"route", "http://a:99999/"},
         "\"http://a:99999/\" is no URL: it has to begin with http://, https://, tcp:// or udp:// "
         "and name a host"},
        {{"route", "http://a/", "--header", "abc"}, "--header takes NAME:VALUE, not \"abc\""},
        {{"route", "http://a/", "--header", ":c"}, "--header takes NAME:VALUE, not \":c\""},
        {{"route", "http://a/", "--connect", "127.0.0.1"},
         "\"127.0.0.1\" is nothing to connect to: that is ADDRESS:PORT or unix:/path"},
        {{"route", "http://a/", "--client", "x\x1b"},
         "\"x\\x1b\" is no address of a client: that is ADDRESS, ADDRESS:PORT or unix:"},
        {{"route", "http://a/", "--http", "4"}, "--http: takes 0.9|1.0|1.1|2|3, not \"4\""},
        {{"route", "http://a/", "--format", "gcc"}, "--format: takes json|jsonl|text, not \"gcc\""},
        {{"route", "http://a/", "--format", "json", "--why"}, "--why is for --format text"},
        {{"route", "--requests", "a", "--method", "PUT"}, "--method requires URL"},
        {{"route", "--requests", "-", "--config", "-"},
         "standard input cannot be CONF and --requests: give one of them as a file"},
        {{"route", "http://a/", "--hedaer", "a:b"},
         "The following argument was not expected: --hedaer; did you mean --header?"},
        {{"chek", "a.conf"},
         "there is no command chek; did you mean check? A file of that name is ./chek"},
        {{"--prob", "connect"},
         "The following argument was not expected: --prob; did you mean --probe?"},
        {{"test", "--format", "jsonl"}, "--format: takes gcc|json|text, not \"jsonl\""},
    };
    for (const Row& row : rows) {
        CAPTURE(row.problem);
        CHECK(problem(row.words) == "nginx-upstream-lint: " + row.problem);
    }
}
