#include "random_facts.hpp"
#include "upstream_lint/facts.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {
namespace {

using Json = nlohmann::json;

std::string document(std::string_view members) {
    return fmt::format(R"({{"schema": "nginx-upstream-lint/snapshot/1"{}{}}})",
                       members.empty() ? "" : ", ", members);
}

Snapshot read(std::string_view members) {
    const auto snapshot = parse_snapshot(document(members), "facts.json");
    REQUIRE_MESSAGE(snapshot.has_value(), snapshot.error().reason);
    return *snapshot;
}

std::string reason_of(std::string_view text) {
    const auto snapshot = parse_snapshot(text, "facts.json");
    REQUIRE_FALSE(snapshot.has_value());
    CHECK(snapshot.error().object == "facts.json");
    return snapshot.error().reason;
}

} // namespace

TEST_CASE("what is printed reads back as the same facts") {
    const std::uint64_t seed = test::setting("UPSTREAM_LINT_SEED", 1);
    const std::uint64_t cases = test::setting("UPSTREAM_LINT_CASES", 300);
    test::RandomChoice choice(seed);
    MESSAGE("seed ", seed);
    for (std::uint64_t i = 0; i < cases; ++i) {
        CAPTURE(i);
        const Snapshot snapshot = test::random_snapshot(choice);
        const std::string text = print_snapshot(snapshot);
        CAPTURE(text);
        const auto again = parse_snapshot(text, "printed");
        REQUIRE_MESSAGE(again.has_value(), again.error().reason);
        REQUIRE(*again == snapshot);
        REQUIRE(print_snapshot(*again) == text);
    }
}

TEST_CASE("an empty snapshot says that nobody asked") {
    const Json printed = Json::parse(print_snapshot(Snapshot{}));
    CHECK(printed["schema"] == "nginx-upstream-lint/snapshot/1");
    CHECK(printed["captured_at"] == "1970-01-01T00:00:00Z");
    CHECK(printed["capture"]["coverage"]["docker"]["status"] == "not_asked");
    CHECK(read("") == Snapshot{});
}

TEST_CASE("bytes that are no UTF-8 stand as characters of one byte") {
    Snapshot snapshot;
    snapshot.hostname = "a\xff";
    const std::string text = print_snapshot(snapshot);
    CHECK(text.find("\"a\\u00ff\"") != std::string::npos);
    CHECK(parse_snapshot(text, "")->hostname == "a\xc3\xbf");
}

TEST_CASE("a printed snapshot is ASCII") {
    test::RandomChoice choice(7);
    for (const char byte : print_snapshot(test::random_snapshot(choice))) {
        CHECK((byte == '\n' || (byte >= ' ' && byte < 0x7f)));
    }
}

TEST_CASE("a reading may be its status alone") {
    const Snapshot snapshot =
        read(R"("capture": {"coverage": {"systemd": "denied", "namespaces": {"status": "ok"}}})");
    CHECK(snapshot.systemd.reading.status == ReadStatus::denied);
    CHECK(snapshot.namespaces_reading.is_complete());
}

TEST_CASE("coverage counts where namespaces and engines say nothing themselves") {
    const Snapshot snapshot = read(R"(
        "capture": {"coverage": {"tcp_listeners": "ok", "unix_listeners": "partial", "docker": "denied"}},
        "netns": [{"id": "1"}, {"id": "2", "readings": {"tcp_listeners": "timeout"}}])");
    REQUIRE(snapshot.network_namespaces.size() == 2);
    CHECK(snapshot.network_namespaces[0].tcp_reading.status == ReadStatus::ok);
    CHECK(snapshot.network_namespaces[0].unix_reading.status == ReadStatus::partial);
    CHECK(snapshot.network_namespaces[1].tcp_reading.status == ReadStatus::timeout);
    CHECK(snapshot.network_namespaces[1].unix_reading.status == ReadStatus::partial);
    REQUIRE(snapshot.containers.engines.size() == 1);
    CHECK(snapshot.containers.engines[0].name == "docker");
    CHECK(snapshot.containers.engines[0].reading.status == ReadStatus::denied);
}

TEST_CASE("coverage sums up namespaces and engines") {
    const auto status_of = [](const std::vector<ReadStatus>& statuses) {
        Snapshot snapshot;
        for (const ReadStatus status : statuses) {
            snapshot.containers.engines.push_back({"docker", "", "", {status, "", ""}});
            snapshot.network_namespaces.emplace_back().tcp_reading.status = status;
        }
        const Json printed = Json::parse(print_snapshot(snapshot));
        const Json& coverage = printed["capture"]["coverage"];
        CHECK(coverage["docker"]["status"] == coverage["tcp_listeners"]["status"]);
        return coverage["docker"]["status"].get<std::string>();
    };
    using enum ReadStatus;
    CHECK(status_of({}) == "not_asked");
    CHECK(status_of({absent, absent}) == "absent");
    CHECK(status_of({absent, ok}) == "ok");
    CHECK(status_of({absent, denied}) == "denied");
    CHECK(status_of({ok, denied}) == "partial");
    CHECK(status_of({denied, timeout}) == "partial");
}

TEST_CASE("members that nobody knows are left alone, and null says nothing") {
    const Snapshot snapshot = read(
        R"("tool": {"name": "x"}, "host": {"hostname": "a", "id": 1}, "netns": null, "capture": {"uid": null})");
    CHECK(snapshot.hostname == "a");
    CHECK(snapshot.network_namespaces.empty());
}

TEST_CASE("short forms are read") {
    const Snapshot snapshot = read(R"("netns": [{"addresses": ["127.0.0.1/8", "::1/128"]}],
                                      "paths": [{"siblings": ["a.sock"]}])");
    REQUIRE(snapshot.network_namespaces[0].addresses.size() == 2);
    CHECK(snapshot.network_namespaces[0].addresses[0].length == 8);
    CHECK(snapshot.paths[0].siblings[0].name == "a.sock");
}

TEST_CASE("what has the wrong shape is named with its place") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {R"("netns": [{"tcp_listeners": [{}, {"port": "x"}]}])",
         "/netns/0/tcp_listeners/1/port: a number from 0 to 65535 belongs here, not \"x\""},
        {R"("netns": [{"tcp_listeners": [{"port": 65536}]}])",
         "/netns/0/tcp_listeners/0/port: a number from 0 to 65535 belongs here, not 65536"},
        {R"("netns": {})", "/netns: a list belongs here, not an object"},
        {R"("netns": [1])", "/netns/0: an object belongs here, not 1"},
        {R"("host": [])", "/host: an object belongs here, not a list"},
        {R"("host": {"hostname": 1.5})", "/host/hostname: a text belongs here, not 1.5"},
        {R"("captured_at": "yesterday")",
         R"(/captured_at: a time such as "2026-11-22T17:40:00Z" belongs here, not "yesterday")"},
        {R"("dns": {"hosts": [{"addrs": ["x"]}]})",
         R"(/dns/hosts/0/addrs/0: an address such as "127.0.0.1" or "127.0.0.1:80" belongs here, not "x")"},
        {R"("netns": [{"unix_listeners": [{"type": "raw"}]}])",
         R"(/netns/0/unix_listeners/0/type: one of stream, datagram, seqpacket belongs here, not "raw")"},
        {R"("paths": [{"components": [{"mode": "8"}]}])",
         R"(/paths/0/components/0/mode: a mode such as "0660" belongs here, not "8")"},
        {R"("netns": [{"tcp_listeners": [{"v6only": 1}]}])",
         "/netns/0/tcp_listeners/0/v6only: true or false belongs here, not 1"},
        {R"("capture": {"coverage": {"systemd": "good"}})",
         R"(/capture/coverage/systemd: an object belongs here, not "good")"},
    };
    for (const auto& [members, reason] : cases) {
        CHECK(reason_of(document(members)) == reason);
    }
}

TEST_CASE("a text in an error is short and has no control characters") {
    const std::string text(200, '\x01');
    const std::string reason =
        reason_of(document(fmt::format(R"("netns": {})", Json(text).dump())));
    CHECK(reason.size() < 350);
    CHECK(reason.find('\x01') == std::string::npos);
    CHECK(reason.ends_with("..."));
}

TEST_CASE("a document needs its schema") {
    CHECK(reason_of("{}") ==
          R"(/schema: "nginx-upstream-lint/snapshot/1" belongs here, not nothing)");
    CHECK(reason_of(R"({"schema": "nginx-upstream-lint/test/1"})")
              .ends_with(R"(belongs here, not "nginx-upstream-lint/test/1")"));
    CHECK(reason_of("[]") == "an object belongs here, not a list");
}

TEST_CASE("what is no JSON is refused with line and column") {
    CHECK(reason_of("{\n  \"schema\": x}").starts_with("line 2, column 13: "));
    CHECK(reason_of("").starts_with("line 1, column 1: "));
    CHECK(reason_of("{\"a\": 1e999}").starts_with("line 1, column "));
    CHECK(reason_of("{\"a\": \"\xff\"}").starts_with("line 1, column 8: "));
    CHECK(reason_of(document("") + "x").starts_with("line 1, column "));
    CHECK(reason_of(std::string("{\"a\": \0}", 8)).starts_with("line 1, column 7: "));
    CHECK(reason_of(std::string(1'000'000, '[')).find("nested deeper than 64 levels") !=
          std::string::npos);
}

TEST_CASE("of members that stand twice the last one counts") {
    CHECK(read(R"("host": {"hostname": "a"}, "host": {"hostname": "b"})").hostname == "b");
}

} // namespace upstream_lint
