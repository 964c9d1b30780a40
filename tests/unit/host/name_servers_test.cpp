#include "host/name_lookup.hpp"
#include "host/name_servers.hpp"
#include "support/test_socket.hpp"

#include <algorithm>
#include <atomic>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <map>
#include <poll.h>
#include <thread>
#include <vector>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;
using Message = std::vector<std::uint8_t>;

// RFC 1035, 3.2.2, and RFC 2782
constexpr unsigned type_a = 1;
constexpr unsigned type_aaaa = 28;
constexpr unsigned type_srv = 33;

void put16(Message& message, unsigned value) {
    message.push_back(static_cast<std::uint8_t>(value >> 8U));
    message.push_back(static_cast<std::uint8_t>(value & 0xffU));
}

void put_name(Message& message, std::string_view name) {
    while (!name.empty()) {
        const std::size_t end = std::min(name.find('.'), name.size());
        message.push_back(static_cast<std::uint8_t>(end));
        message.insert(message.end(), name.begin(), name.begin() + static_cast<long>(end));
        name.remove_prefix(std::min(end + 1, name.size()));
    }
    message.push_back(0);
}

// A name server of a few names; what it does not know it answers with `unknown`, or not at all.
class NameServer {
public:
    explicit NameServer(std::optional<unsigned> unknown = 3) : unknown_(unknown) {
        socket_.bind_ipv4("127.0.0.1");
        thread_ = std::thread([this] { serve(); });
    }

    NameServer(const NameServer&) = delete;
    NameServer& operator=(const NameServer&) = delete;

    ~NameServer() {
        is_over_ = true;
        thread_.join();
    }

    [[nodiscard]] SocketAddress address() const {
        return *parse_address_and_port(fmt::format("127.0.0.1:{}", socket_.port()));
    }

private:
    void serve() {
        while (!is_over_) {
            pollfd wanted{socket_.fd(), POLLIN, 0};
            if (::poll(&wanted, 1, 20) != 1)
                continue;
            Message bytes(1500);
            sockaddr_storage from{};
            socklen_t size = sizeof from;
            const ssize_t got = ::recvfrom(socket_.fd(), bytes.data(), bytes.size(), 0,
                                           reinterpret_cast<sockaddr*>(&from), &size); // NOLINT
            bytes.resize(static_cast<std::size_t>(std::max(got, ssize_t{0})));
            const Message answer = answer_to(bytes);
            if (!answer.empty())
                ::sendto(socket_.fd(), answer.data(), answer.size(), 0,
                         reinterpret_cast<const sockaddr*>(&from), size); // NOLINT
        }
    }

    [[nodiscard]] Message answer_to(const Message& question) const {
        std::string name;
        std::size_t at = 12;
        while (question[at] != 0) {
            name += (name.empty() ? "" : ".");
            name.append(question.begin() + static_cast<long>(at) + 1,
                        question.begin() + static_cast<long>(at) + 1 + question[at]);
            at += question[at] + 1U;
        }
        const unsigned type = question[at + 1] * 256U + question[at + 2];
        const std::vector<Message> records = records_of(name, type);
        const bool is_known = name == "app.test" || name == "_http._tcp.app.test";
        if (!is_known && !unknown_)
            return {};
        Message answer(question.begin(), question.begin() + 2);
        put16(answer, 0x8180U | (is_known ? 0 : *unknown_));
        put16(answer, 1);
        put16(answer, static_cast<unsigned>(records.size()));
        put16(answer, 0);
        put16(answer, 0);
        answer.insert(answer.end(), question.begin() + 12,
                      question.begin() + static_cast<long>(at) + 5);
        for (const Message& data : records) {
            put16(answer, 0xc00c); // the name of the question
            put16(answer, type);
            put16(answer, 1);
            put16(answer, 0);
            put16(answer, 60);
            put16(answer, static_cast<unsigned>(data.size()));
            answer.insert(answer.end(), data.begin(), data.end());
        }
        return answer;
    }

    static std::vector<Message> records_of(const std::string& name, unsigned type) {
        if (name == "app.test" && type == type_a)
            return {{10, 0, 0, 1}, {10, 0, 0, 2}};
        if (name == "app.test" && type == type_aaaa)
            return {{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9}};
        if (name == "_http._tcp.app.test" && type == type_srv) {
            Message data;
            put16(data, 1);
            put16(data, 5);
            put16(data, 8080);
            put_name(data, "app.test");
            return {data};
        }
        return {};
    }

    TestSocket socket_{AF_INET, SOCK_DGRAM};
    std::optional<unsigned> unknown_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

std::vector<std::string> texts(const std::vector<SocketAddress>& addresses) {
    std::vector<std::string> result;
    for (const SocketAddress& address : addresses)
        result.push_back(socket_text(address));
    return result;
}

std::vector<DnsAnswer> ask(const NameServer& server, const std::string& name,
                           const std::string& service = "") {
    return ask_name_servers({{"r", server.address(), name, service}}, 300ms, Clock::now() + 10s);
}

bool is_built() {
    return ask_name_servers({{"r", {}, "x", ""}}, 1ms, Clock::now())[0].reading.status !=
           ReadStatus::unsupported;
}

} // namespace

TEST_CASE("name servers: addresses of both families" * doctest::skip(!is_built())) {
    const NameServer server;
    const auto answers = ask(server, "app.test");
    REQUIRE(answers.size() == 2);
    CHECK(answers[0].type == "A");
    CHECK(answers[0].rcode == "NOERROR");
    CHECK(answers[0].reading.is_complete());
    CHECK(answers[0].resolver == "r");
    CHECK(texts(answers[0].addresses) == std::vector<std::string>{"10.0.0.1:0", "10.0.0.2:0"});
    CHECK(answers[1].type == "AAAA");
    CHECK(texts(answers[1].addresses) == std::vector<std::string>{"[fd00::9]:0"});
}

TEST_CASE("name servers: services bring ports" * doctest::skip(!is_built())) {
    const NameServer server;
    for (const char* service : {"http", "_http._tcp"}) {
        const auto answers = ask(server, "app.test", service);
        REQUIRE(answers.size() == 1);
        CHECK(answers[0].type == "SRV");
        CHECK(answers[0].name == "app.test");
        CHECK(texts(answers[0].addresses) ==
              std::vector<std::string>{"10.0.0.1:8080", "10.0.0.2:8080", "[fd00::9]:8080"});
    }
}

TEST_CASE("name servers: what they say instead" * doctest::skip(!is_built())) {
    const std::pair<unsigned, const char*> codes[] = {
        {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {5, "REFUSED"}};
    for (const auto& [code, name] : codes) {
        const NameServer server(code);
        for (const DnsAnswer& answer : ask(server, "other.test")) {
            CHECK(answer.rcode == name);
            CHECK(answer.reading.is_complete());
            CHECK(answer.addresses.empty());
        }
    }
}

TEST_CASE("name servers: silence, and nobody there" * doctest::skip(!is_built())) {
    const NameServer silent(std::nullopt);
    const Clock::time_point begin = Clock::now();
    for (const DnsAnswer& answer : ask(silent, "other.test"))
        CHECK(answer.reading.status == ReadStatus::timeout);
    CHECK(Clock::now() - begin < 5s);

    TestSocket closed(AF_INET, SOCK_DGRAM);
    closed.bind_ipv4("127.0.0.1");
    const auto address = *parse_address_and_port(fmt::format("127.0.0.1:{}", closed.port()));
    closed.close();
    const auto answers =
        ask_name_servers({{"r", address, "app.test", ""}}, 300ms, Clock::now() + 10s);
    CAPTURE(answers[0].reading.reason);
    CHECK(answers[0].rcode == "ECONNREFUSED");
}

TEST_CASE("name servers: many questions keep their order" * doctest::skip(!is_built())) {
    const NameServer server;
    std::vector<DnsQuestion> questions;
    for (int i = 0; i < 1000; ++i)
        questions.push_back({"r", server.address(), i % 2 == 0 ? "app.test" : "no.test", ""});
    const auto answers = ask_name_servers(questions, 5s, Clock::now() + 30s);
    REQUIRE(answers.size() == 2000);
    for (std::size_t i = 0; i < answers.size(); ++i)
        CHECK(answers[i].rcode == (i / 2 % 2 == 0 ? "NOERROR" : "NXDOMAIN"));
}

TEST_CASE("names: as the system looks them up") {
    const auto names = look_up_names({"127.0.0.1", "::1", "localhost"}, "", 5s, Clock::now() + 10s);
    REQUIRE(names.size() == 3);
    CHECK(texts(names[0].addresses) == std::vector<std::string>{"127.0.0.1:0"});
    CHECK(texts(names[1].addresses) == std::vector<std::string>{"[::1]:0"});
    CHECK(names[2].name == "localhost");
    CHECK(names[2].reading.is_complete());
    const auto late = look_up_names({"localhost"}, "", 5s, Clock::now() - 1s);
    CHECK(late[0].reading.status == ReadStatus::timeout);
    const auto elsewhere = look_up_names({"localhost"}, "/nowhere", 5s, Clock::now() + 10s);
    CHECK(elsewhere[0].reading.status == ReadStatus::unsupported);
}

} // namespace upstream_lint::test
