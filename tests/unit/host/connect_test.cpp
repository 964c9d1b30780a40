#include "host/connect.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"
#include "upstream_lint/address.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <poll.h>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;

ConnectTarget tcp(std::uint16_t port) {
    const std::string text = fmt::format("127.0.0.1:{}", port);
    return {text, parse_address_and_port(text), "", {}};
}

ConnectTarget unix_path(const std::string& path) {
    return {"unix:" + path, std::nullopt, path, {}};
}

std::vector<ConnectFacts> connect_all(const std::vector<ConnectTarget>& targets,
                                      const std::string& root = "",
                                      std::chrono::milliseconds deadline = 200ms) {
    return connect_to(targets, root, {deadline, deadline, Clock::now() + 10s});
}

// Connections that fill the queue of a listener, until one of them has to wait.
std::vector<TestSocket> fill_queue(const TestSocket& listener) {
    std::vector<TestSocket> waiting;
    while (waiting.size() < 8) {
        waiting.push_back(TestSocket::connecting_to(listener.port()));
        pollfd wanted{waiting.back().fd(), POLLOUT, 0};
        if (::poll(&wanted, 1, 100) == 0)
            break;
    }
    return waiting;
}

} // namespace

TEST_CASE("connect: somebody listens, nobody listens") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1").listen();
    TestSocket closed(AF_INET, SOCK_STREAM);
    closed.bind_ipv4("127.0.0.1");
    const auto answers = connect_all({tcp(listener.port()), tcp(closed.port())});
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].reading.is_complete());
    CHECK(answers[0].error.empty());
    CHECK(answers[0].milliseconds.has_value());
    CHECK(answers[0].target == tcp(listener.port()).text);
    CHECK(answers[1].reading.is_complete());
    CHECK(answers[1].error == "ECONNREFUSED");
}

TEST_CASE("connect: a full queue does not answer") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1").listen(0);
    const std::vector<TestSocket> waiting = fill_queue(listener);
    const auto answers = connect_all({tcp(listener.port())});
    CHECK(answers[0].reading.status == ReadStatus::timeout);
    CHECK_FALSE(answers[0].milliseconds.has_value());
}

TEST_CASE("connect: all who are silent cost one deadline") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1").listen(0);
    const std::vector<TestSocket> waiting = fill_queue(listener);
    const std::vector<ConnectTarget> targets(200, tcp(listener.port()));
    const Clock::time_point begin = Clock::now();
    const auto answers = connect_all(targets);
    CHECK(Clock::now() - begin < 200ms * 10);
    CHECK(answers.size() == targets.size());
    for (const ConnectFacts& answer : answers)
        CHECK(answer.reading.status == ReadStatus::timeout);
}

TEST_CASE("connect: nobody is waited for beyond the end") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1").listen(0);
    const std::vector<TestSocket> waiting = fill_queue(listener);
    const Clock::time_point begin = Clock::now();
    const auto answers = connect_to({tcp(listener.port())}, "", {60s, 60s, begin + 100ms});
    CHECK(Clock::now() - begin < 10s);
    CHECK(answers[0].reading.status == ReadStatus::timeout);
    const auto untried = connect_to({tcp(listener.port())}, "", {1s, 1s, begin});
    CHECK(untried[0].reading.status == ReadStatus::timeout);
}

TEST_CASE("connect: unix sockets") {
    const TemporaryFolder folder;
    TestSocket listening(AF_UNIX, SOCK_STREAM);
    listening.bind_path(folder.at("listening")).listen();
    TestSocket bound(AF_UNIX, SOCK_STREAM);
    bound.bind_path(folder.at("bound"));
    TestSocket datagram(AF_UNIX, SOCK_DGRAM);
    datagram.bind_path(folder.at("datagram"));
    TestSocket stale(AF_UNIX, SOCK_STREAM);
    stale.bind_path(folder.at("stale")).listen();
    stale.close();
    TestSocket full(AF_UNIX, SOCK_STREAM);
    full.bind_path(folder.at("full")).listen(0);
    const TestSocket waiting = TestSocket::connecting_to_path(folder.at("full"));
    folder.write("regular", "");

    const std::pair<const char*, const char*> cases[] = {
        {"listening", ""},         {"bound", "ECONNREFUSED"}, {"datagram", "EPROTOTYPE"},
        {"stale", "ECONNREFUSED"}, {"full", "EAGAIN"},        {"regular", "ECONNREFUSED"},
        {"nothing", "ENOENT"},     {"regular/x", "ENOTDIR"},
    };
    for (const auto& entry : cases) {
        const auto& [name, error] = entry;
        CAPTURE(entry.first);
        const ConnectFacts here = connect_all({unix_path(folder.at(name))})[0];
        CHECK(here.error == error);
        CHECK(here.reading.is_complete());
        // the same by way of another root
        const ConnectFacts below =
            connect_all({unix_path("/" + std::string(name))}, folder.path())[0];
        CHECK(below.error == error);
    }
    CHECK(connect_all({unix_path("/" + std::string(200, 'x'))})[0].error == "ENAMETOOLONG");
}

TEST_CASE("connect: more targets than connections at once") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1");
    const std::vector<ConnectTarget> targets(3000, tcp(listener.port()));
    for (const ConnectFacts& answer : connect_all(targets))
        CHECK(answer.error == "ECONNREFUSED");
}

} // namespace upstream_lint::test
