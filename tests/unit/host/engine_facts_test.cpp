#include "host/http_get.hpp"
#include "host/provider.hpp"
#include "host/systemd.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <poll.h>
#include <thread>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;

// Answers GET requests with the texts that it has, one connection at a time.
class HttpServer {
public:
    HttpServer(const std::string& path, std::map<std::string, std::string> texts) :
        texts_(std::move(texts)) {
        socket_.bind_path(path).listen();
        thread_ = std::thread([this] { serve(); });
    }

    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    ~HttpServer() {
        is_over_ = true;
        thread_.join();
    }

private:
    [[nodiscard]] bool may_read(int fd) const {
        while (!is_over_) {
            pollfd wanted{fd, POLLIN, 0};
            if (::poll(&wanted, 1, 20) == 1)
                return true;
        }
        return false;
    }

    void serve() {
        while (may_read(socket_.fd())) {
            const int connection = ::accept(socket_.fd(), nullptr, nullptr);
            answer(connection);
            ::close(connection);
        }
    }

    void answer(int connection) {
        std::string request;
        while (may_read(connection)) {
            char bytes[4096];
            const ssize_t got = ::read(connection, bytes, sizeof bytes);
            if (got <= 0)
                return;
            request.append(bytes, static_cast<std::size_t>(got));
            if (!request.ends_with("\r\n\r\n"))
                continue;
            const std::size_t target = request.find(' ') + 1;
            const auto text =
                texts_.find(request.substr(target, request.find(' ', target) - target));
            const bool is_get = request.starts_with("GET ");
            const std::string reply =
                is_get && text != texts_.end()
                    ? fmt::format("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{}",
                                  text->second.size(), text->second)
                    : "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}";
            if (::write(connection, reply.data(), reply.size()) < 0)
                return;
            request.clear();
        }
    }

    TestSocket socket_{AF_UNIX, SOCK_STREAM};
    std::map<std::string, std::string> texts_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

bool has_curl() {
    const auto answer = HttpSocket("/nowhere", Clock::now() + 1s).get("/");
    return answer.error().code != ENOSYS;
}

Snapshot engines_at(const std::string& path) {
    ::setenv("DOCKER_HOST", ("unix://" + path).c_str(), 1); // NOLINT(concurrency-mt-unsafe)
    ProviderInput input;
    input.end = Clock::now() + 5s;
    Snapshot facts = collect_engines(input);
    ::unsetenv("DOCKER_HOST"); // NOLINT(concurrency-mt-unsafe)
    return facts;
}

} // namespace

TEST_CASE("http: what comes over a unix socket" * doctest::skip(!has_curl())) {
    const TemporaryFolder folder;
    const HttpServer server(folder.at("s"), {{"/a", "first"}, {"/b?c=1", "second"}});
    HttpSocket http(folder.at("s"), Clock::now() + 5s);
    CHECK(*http.get("/a") == "first");
    CHECK(*http.get("/b?c=1") == "second");
    CHECK(http.get("/c").error().reason == http_not_found);
    CHECK(http.get("/c").error().code == 0);
}

TEST_CASE("http: nobody there, nobody answers" * doctest::skip(!has_curl())) {
    const TemporaryFolder folder;
    CHECK(HttpSocket(folder.at("no"), Clock::now() + 5s).get("/").error().code == ENOENT);
    TestSocket silent(AF_UNIX, SOCK_STREAM);
    silent.bind_path(folder.at("s")).listen();
    CHECK(HttpSocket(folder.at("s"), Clock::now() + 100ms).get("/").error().code == ETIMEDOUT);
    CHECK(HttpSocket(folder.at("s"), Clock::now()).get("/").error().code == ETIMEDOUT);
    silent.close();
    CHECK(HttpSocket(folder.at("s"), Clock::now() + 5s).get("/").error().code == ECONNREFUSED);
}

TEST_CASE("engines: an engine's containers" * doctest::skip(!has_curl())) {
    const TemporaryFolder folder;
    const std::string id(64, 'a');
    const std::string gone(64, 'b');
    const std::string listed = R"({{"Id":"{}","Names":["/{}"],"State":"running"}})";
    const HttpServer server(
        folder.at("s"),
        {{"/version", R"({"ApiVersion":"1.41","Version":"20.10"})"},
         {"/info", R"({"SecurityOptions":["name=rootless"]})"},
         {"/networks", R"([{"Name":"bridge","Id":"n1","Driver":"bridge"}])"},
         {"/containers/json?all=1",
          fmt::format("[{},{}]", fmt::format(fmt::runtime(listed), id, "web"),
                      fmt::format(fmt::runtime(listed), gone, "old"))},
         {"/containers/" + id + "/json",
          fmt::format(R"({{"Id":"{}","Name":"/web","State":{{"Status":"running","Pid":4194305}}}})",
                      id)}});
    const Snapshot facts = engines_at(folder.at("s"));
    REQUIRE_FALSE(facts.containers.engines.empty());
    const Engine& engine = facts.containers.engines.front();
    CHECK(engine.name == "docker");
    CHECK(engine.socket == folder.at("s"));
    CHECK(engine.api == "1.41");
    CHECK(engine.reading.is_complete());
    // the other one was removed meanwhile
    REQUIRE(facts.containers.items.size() == 1);
    CHECK(facts.containers.items[0].id == id);
    CHECK(facts.containers.items[0].status == "running");
    CHECK(facts.containers.items[0].is_rootless == true);
    // no such process here
    CHECK(facts.containers.items[0].network_namespace.empty());
    REQUIRE(facts.containers.networks.size() == 1);
    CHECK(facts.containers.networks[0].name == "bridge");
}

TEST_CASE("engines: none, and one that talks nonsense" * doctest::skip(!has_curl())) {
    const TemporaryFolder folder;
    CHECK(engines_at(folder.at("s")).containers.engines[0].reading.status == ReadStatus::absent);
    const HttpServer server(folder.at("t"), {{"/version", "{}"}, {"/networks", "[}"}});
    const Snapshot facts = engines_at(folder.at("t"));
    CHECK(facts.containers.engines[0].reading.status == ReadStatus::partial);
}

TEST_CASE("systemd: no bus") {
    // NOLINTNEXTLINE(concurrency-mt-unsafe)
    ::setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere/at/all", 1);
    const SystemdFacts facts = read_systemd({{"a.service"}, {}, true}, 1s);
    ::unsetenv("DBUS_SYSTEM_BUS_ADDRESS"); // NOLINT(concurrency-mt-unsafe)
    CHECK((facts.reading.status == ReadStatus::absent ||
           facts.reading.status == ReadStatus::unsupported));
    CHECK(facts.units.empty());
}

} // namespace upstream_lint::test
