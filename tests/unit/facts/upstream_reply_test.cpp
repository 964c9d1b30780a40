#include "facts/upstream_reply.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <optional>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Kind = ReplyFacts::Kind;
using Protocol = Exchange::Protocol;

std::string record(std::uint8_t type, const std::string& content, std::uint8_t padding = 0) {
    std::string bytes{1,
                      static_cast<char>(type),
                      0,
                      1,
                      static_cast<char>(content.size() >> 8U),
                      static_cast<char>(content.size()),
                      static_cast<char>(padding),
                      0};
    return bytes + content + std::string(padding, '\0');
}

ReplyFacts read(Protocol asked, const std::string& bytes) {
    return read_upstream_reply(asked, bytes, true).facts;
}

std::string said(const ReplyFacts& facts) {
    return fmt::format("{} {} [{}] {}", static_cast<int>(facts.kind), facts.status.value_or(0),
                       facts.line, facts.error);
}

const std::string settings("\0\0\6\4\0\0\0\0\0\0\3\0\0\0d", 15);
const std::string alert("\x15\3\3\0\2\2\x28", 7);

/// Answers as they come.
const std::vector<std::string>& answers() {
    static const std::vector<std::string> all = {
        "HTTP/1.1 200 OK\r\nA: b\r\n\r\n",
        "HTTP/1.0 502\n",
        "HTTP/x\r\n",
        "SSH-2.0-x\r\n",
        settings,
        alert,
        record(6, "Status: 404 Not Found\r\n\r\n") + record(3, std::string(8, '\0')),
        record(7, "Primary script unknown", 2) + record(6, "Content-type: text/html\r\n") +
            record(6, "\r\nx") + record(3, std::string(8, '\0')),
        record(3, std::string(8, '\0')),
        std::string("\x4a\0\0\0\x0a", 5) + "8.0.30" + std::string(60, '\0'),
    };
    return all;
}

} // namespace

TEST_CASE("reply: lines of HTTP as nginx reads them") {
    struct Row {
        const char* bytes;
        int status; ///< 0: none
    };

    const std::vector<Row> rows = {
        {"HTTP/1.1 200 OK\r\n", 200},
        {"HTTP/1.0 404\r\n", 404},
        {"HTTP/1.1   500 x\n", 500},
        {"HTTP/1.1 200.1 OK\r\n", 200},
        {"HTTP/12.34 204 \n", 204},
        {"HTTP/0.9 200 OK\r\n", 0},
        {"HTTP/1.1 20 OK\r\n", 0},
        {"HTTP/1.1 2000 OK\r\n", 0},
        {"HTTP/1.1\r\n", 0},
        {"HTTP/1. 200 OK\r\n", 0},
        {"HTTP/.1 200 OK\r\n", 0},
        {"HTTP/1.1 200", 200},
        {"HTTP/", 0},
        {"HTTP/1", 0},
        {"HTTP/1.1 2", 0},
    };
    for (const Row& row : rows) {
        CAPTURE(row.bytes);
        const ReplyFacts facts = read(Protocol::http, row.bytes);
        CHECK(facts.kind == Kind::http);
        CHECK(facts.status.value_or(0) == row.status);
        CHECK(facts.error == (row.status != 0 ? "" : "upstream sent no valid HTTP/1.0 header"));
    }
}

TEST_CASE("reply: records of FastCGI") {
    CHECK(said(read(Protocol::fastcgi, answers()[6])) == "3 404 [Status: 404 Not Found] ");
    CHECK(said(read(Protocol::fastcgi, answers()[7])) == "3 200 [] ");
    CHECK(said(read(Protocol::fastcgi, answers()[8])) == "3 0 [] ");
    // cut off: an answer all the same
    CHECK(said(read(Protocol::fastcgi, answers()[6].substr(0, 9))) == "3 0 [] ");
    CHECK(said(read(Protocol::fastcgi, record(6, "STATUS:503\n\n"))) == "3 503 [STATUS:503] ");
    CHECK(said(read(Protocol::fastcgi, record(6, "Status: x\n\n"))) == "3 200 [Status: x] ");
}

TEST_CASE("reply: what nginx logs of other protocols") {
    CHECK(said(read(Protocol::fastcgi, "HTTP/1.1 400 Bad Request\r\n")) ==
          "1 400 [HTTP/1.1 400 Bad Request] upstream sent unsupported FastCGI protocol version: "
          "72");
    CHECK(said(read(Protocol::http2, "HTTP/1.1 400 Bad Request\r\n")) ==
          "1 400 [HTTP/1.1 400 Bad Request] upstream sent too large http2 frame: 4740180");
    CHECK(said(read(Protocol::http2, settings)) == "2 0 [] ");
    CHECK(said(read(Protocol::http, settings)) == "2 0 [] upstream sent no valid HTTP/1.0 header");
    CHECK(said(read(Protocol::http, alert)) == "4 0 [] upstream sent no valid HTTP/1.0 header");
    CHECK(said(read(Protocol::http, "")) == "0 0 [] upstream prematurely closed connection");
    CHECK(said(read(Protocol::http, "SSH-2.0-x\r\n")) ==
          "5 0 [SSH-2.0-x] upstream sent no valid HTTP/1.0 header");
}

TEST_CASE("reply: nothing is shown that is no text") {
    CHECK(read(Protocol::http, "HTTP/1.1 200 \x1b[31m\r\n").line.empty());
    CHECK(read(Protocol::http, "HTTP/1.1 200 " + std::string(500, 'x')).line.size() == 128);
    CHECK(read(Protocol::http, answers()[9]).line.empty());
    CHECK(read(Protocol::http, std::string(1'000'000, 'x')).line.size() == 128);
}

TEST_CASE("reply: what is complete says the same when more comes") {
    for (const std::string& answer : answers()) {
        for (const Protocol asked :
             {Protocol::http, Protocol::http2, Protocol::fastcgi, Protocol::none}) {
            std::optional<ReplyFacts> complete;
            for (std::size_t size = 0; size <= answer.size(); ++size) {
                CAPTURE(answer);
                CAPTURE(size);
                const UpstreamReply reply =
                    read_upstream_reply(asked, std::string_view(answer).substr(0, size), false);
                if (complete) {
                    CHECK(reply.is_complete);
                    CHECK(said(reply.facts) == said(*complete));
                } else if (reply.is_complete) {
                    complete = reply.facts;
                }
            }
            CHECK((complete || asked == Protocol::http2 || answer.size() > 8));
        }
    }
}

} // namespace upstream_lint
