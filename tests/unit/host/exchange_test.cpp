#include "host/connect.hpp"
#include "host/upstream_request.hpp"
#include "support/peer.hpp"
#include "support/temporary_folder.hpp"
#include "support/tls_peer.hpp"
#include "upstream_lint/address.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <openssl/ssl.h>
#include <vector>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;
using Kind = ReplyFacts::Kind;
using Protocol = Exchange::Protocol;

constexpr std::string_view end_of_headers = "\r\n\r\n";

UpstreamTls nginx_tls() {
    UpstreamTls tls;
    tls.protocols = {"TLSv1", "TLSv1.1", "TLSv1.2"};
    tls.ciphers = "DEFAULT";
    return tls;
}

UpstreamTls with_newest() {
    UpstreamTls tls = nginx_tls();
    tls.protocols.emplace_back("TLSv1.3");
    return tls;
}

UpstreamTls verified(const TemporaryFolder& folder, const std::string& trusted,
                     const std::string& name = "app.example") {
    UpstreamTls tls = with_newest();
    tls.verify = true;
    tls.verified_name = name;
    folder.write("trusted.pem", trusted);
    tls.trusted_certificate = folder.at("trusted.pem");
    return tls;
}

ConnectTarget target(std::uint16_t port, Protocol protocol, const RequestBytes& request,
                     std::optional<UpstreamTls> tls = std::nullopt) {
    const std::string text = fmt::format("127.0.0.1:{}", port);
    Script script;
    script.exchange = {protocol, protocol == Protocol::http ? "1.0" : "", std::move(tls)};
    script.request = request.text;
    script.bytes = request.bytes;
    return {text, parse_address_and_port(text), "", script};
}

ConnectTarget http(std::uint16_t port, std::optional<UpstreamTls> tls = std::nullopt) {
    return target(port, Protocol::http, http_request("/x", "app.example", "1.0"), std::move(tls));
}

ConnectFacts ask(const ConnectTarget& asked, std::chrono::milliseconds answer = 10s) {
    const auto answers = connect_to({asked}, "", {10s, answer, Clock::now() + 30s});
    REQUIRE(answers.size() == 1);
    REQUIRE(answers[0].error.empty());
    REQUIRE(answers[0].exchange == asked.script->exchange);
    return answers[0];
}

HandshakeFacts handshake_of(const ConnectFacts& facts) {
    REQUIRE(facts.handshake);
    return *facts.handshake;
}

ReplyFacts reply_of(const ConnectFacts& facts) {
    REQUIRE(facts.reply);
    return *facts.reply;
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// Reads a request and says something.
Peer::Serve saying(std::string answer) {
    return [answer](int connection) {
        (void)receive_until(connection, end_of_headers);
        send_all(connection, answer);
    };
}

} // namespace

TEST_CASE("exchange: one request, and no more than the first line of the answer is told") {
    std::string received;
    const Peer peer([&](int connection) {
        received = receive_until(connection, end_of_headers);
        send_all(connection, "HTTP/1.1 404 Not Found\r\nSet-Cookie: secret\r\n\r\nbody");
    });
    const ConnectFacts facts = ask(http(peer.port()));
    CHECK_FALSE(facts.handshake.has_value());
    const ReplyFacts reply = reply_of(facts);
    CHECK(reply.reading.is_complete());
    CHECK(reply.kind == Kind::http);
    CHECK(reply.status == 404);
    CHECK(reply.line == "HTTP/1.1 404 Not Found");
    CHECK(reply.request == "HEAD /x HTTP/1.0");
    CHECK(reply.error.empty());
    CHECK(reply.milliseconds.has_value());
    CHECK(received.starts_with("HEAD /x HTTP/1.0\r\nHost: app.example\r\nConnection: close\r\n"));
    CHECK(peer.connections() == 1);
}

TEST_CASE("exchange: an answer in pieces") {
    const Peer peer([](int connection) {
        (void)receive_until(connection, end_of_headers);
        for (const char* piece : {"H", "TTP/1.", "1 20", "0 OK\r", "\n"}) {
            send_all(connection, piece);
        }
        wait_for_end(connection);
    });
    CHECK(reply_of(ask(http(peer.port()))).status == 200);
}

TEST_CASE("exchange: who closes and who resets does not answer") {
    const Peer closing(saying(""));
    CHECK(reply_of(ask(http(closing.port()))).error == "upstream prematurely closed connection");
    const Peer resetting([](int connection) {
        (void)receive_until(connection, end_of_headers);
        reset_at_close(connection);
    });
    const ReplyFacts reply = reply_of(ask(http(resetting.port())));
    CHECK(reply.error == "recv() failed (104: Connection reset by peer)");
    CHECK(reply.kind == Kind::none);
    CHECK(reply.reading.is_complete());
}

TEST_CASE("exchange: all who are silent cost one deadline, and end soon") {
    TestSocket silent(AF_INET, SOCK_STREAM);
    silent.bind_ipv4("127.0.0.1").listen(256);
    std::vector<ConnectTarget> targets(50, http(silent.port()));
    targets.resize(100, http(silent.port(), nginx_tls()));
    const Clock::time_point begin = Clock::now();
    const auto answers = connect_to(targets, "", {10s, 300ms, Clock::now() + 60s});
    CHECK(Clock::now() - begin < 300ms * 20);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        CHECK(answers[i].reading.is_complete());
        if (i < 50) {
            CHECK(reply_of(answers[i]).reading.status == ReadStatus::timeout);
        } else {
            CHECK(handshake_of(answers[i]).reading.status == ReadStatus::timeout);
            CHECK(reply_of(answers[i]).reading.status == ReadStatus::not_asked);
        }
    }
}

TEST_CASE("exchange: nobody is waited for beyond the end") {
    TestSocket silent(AF_INET, SOCK_STREAM);
    silent.bind_ipv4("127.0.0.1").listen();
    const auto answers = connect_to({http(silent.port())}, "", {60s, 60s, Clock::now() + 100ms});
    CHECK(reply_of(answers[0]).reading.status == ReadStatus::timeout);
}

TEST_CASE("exchange: more bytes than are read") {
    const Peer peer([](int connection) {
        (void)receive_until(connection, end_of_headers);
        send_all(connection, "HTTP/1.1 200 " + std::string(1'000'000, 'x'));
    });
    const ReplyFacts reply = reply_of(ask(http(peer.port())));
    CHECK(reply.status == 200);
    CHECK(reply.line.size() == 128);
}

TEST_CASE("exchange: a request over TLS") {
    const TlsPeer peer({});
    const ConnectFacts facts = ask(http(peer.port(), with_newest()));
    const HandshakeFacts handshake = handshake_of(facts);
    CHECK(handshake.reading.is_complete());
    CHECK(handshake.error.empty());
    CHECK(handshake.protocol == "TLSv1.3");
    CHECK(handshake.cipher.starts_with("TLS_"));
    CHECK(handshake.names == std::vector<std::string>{"app.example"});
    CHECK(handshake.asks_for_certificate == false);
    CHECK_FALSE(handshake.verify_code.has_value());
    REQUIRE(handshake.not_after);
    REQUIRE(handshake.not_before);
    CHECK(*handshake.not_after - *handshake.not_before == 31 * 24 * 60 * 60);
    CHECK(reply_of(facts).line == "HTTP/1.1 200 OK");
    CHECK(peer.connections() == 1);
}

TEST_CASE("exchange: the versions that nginx would offer") {
    const TlsPeer any({});
    CHECK(handshake_of(ask(http(any.port(), nginx_tls()))).protocol == "TLSv1.2");
    const TlsPeer newest({.min_version = TLS1_3_VERSION});
    const ConnectFacts facts = ask(http(newest.port(), nginx_tls()));
    CHECK(contains(handshake_of(facts).error, "SSL_do_handshake() failed (SSL: error:"));
    CHECK(contains(handshake_of(facts).error, "alert protocol version:SSL alert number 70)"));
    CHECK(reply_of(facts).reading.status == ReadStatus::not_asked);
}

TEST_CASE("exchange: the name that nginx asks for") {
    const TlsPeer peer({.needs_name = true});
    CHECK(contains(handshake_of(ask(http(peer.port(), nginx_tls()))).error,
                   "alert handshake failure:SSL alert number 40)"));
    UpstreamTls wrong = nginx_tls();
    wrong.server_name = "group";
    CHECK(contains(handshake_of(ask(http(peer.port(), wrong))).error,
                   "unrecognized name:SSL alert number 112)"));
    UpstreamTls right = nginx_tls();
    right.server_name = "app.example";
    CHECK(reply_of(ask(http(peer.port(), right))).status == 200);
}

TEST_CASE("exchange: verification") {
    const TemporaryFolder folder;
    const CertificateText good = make_certificate();
    const TlsPeer peer({.identity = good});
    const ConnectFacts well = ask(http(peer.port(), verified(folder, good.certificate)));
    CHECK(handshake_of(well).verify_code == 0);
    CHECK(handshake_of(well).verify_error.empty());
    CHECK(reply_of(well).status == 200);

    const auto other = verified(folder, make_certificate().certificate);
    const ConnectFacts unknown = ask(http(peer.port(), other));
    CHECK(handshake_of(unknown).error.empty());
    CHECK(handshake_of(unknown).verify_code != 0);
    CHECK(
        handshake_of(unknown).verify_error.starts_with("upstream SSL certificate verify error: ("));
    // nginx says no more to whom it does not trust
    CHECK(reply_of(unknown).reading.status == ReadStatus::not_asked);

    const ConnectFacts misnamed =
        ask(http(peer.port(), verified(folder, good.certificate, "other.example")));
    CHECK(handshake_of(misnamed).verify_error ==
          "upstream SSL certificate does not match \"other.example\"");

    const CertificateText old = make_certificate({.days_from = -30, .days_to = -1});
    const TlsPeer expired({.identity = old});
    CHECK(handshake_of(ask(http(expired.port(), verified(folder, old.certificate)))).verify_error ==
          "upstream SSL certificate verify error: (10:certificate has expired)");
}

TEST_CASE("exchange: without the certificates that are trusted nothing is tried") {
    const TemporaryFolder folder;
    const TlsPeer peer({});
    UpstreamTls tls = verified(folder, "no certificate");
    CHECK(handshake_of(ask(http(peer.port(), tls))).reading.status == ReadStatus::unsupported);
    tls.trusted_certificate = folder.at("nothing");
    const ConnectFacts facts = ask(http(peer.port(), tls));
    CHECK(handshake_of(facts).reading.status == ReadStatus::absent);
    CHECK(handshake_of(facts).error.empty());
    CHECK(reply_of(facts).reading.status == ReadStatus::not_asked);
    tls.left_out = "it depends";
    CHECK(handshake_of(ask(http(peer.port(), tls))).reading ==
          Reading{ReadStatus::not_asked, "OpenSSL", "it depends"});
}

TEST_CASE("exchange: a peer that wants a certificate") {
    const TlsPeer old({.max_version = TLS1_2_VERSION, .needs_certificate = true});
    const HandshakeFacts refused = handshake_of(ask(http(old.port(), nginx_tls())));
    CHECK(contains(refused.error, "alert handshake failure:SSL alert number 40)"));
    CHECK(refused.asks_for_certificate == true);
    const TlsPeer newest({.min_version = TLS1_3_VERSION, .needs_certificate = true});
    const ConnectFacts facts = ask(http(newest.port(), with_newest()));
    CHECK(handshake_of(facts).error.empty());
    CHECK(handshake_of(facts).asks_for_certificate == true);
    CHECK(reply_of(facts).error.starts_with("SSL_read() failed (SSL: error:"));
    CHECK(contains(reply_of(facts).error, "certificate required:SSL alert number 116)"));
}

TEST_CASE("exchange: TLS to a server that does not speak it") {
    const Peer plain([](int connection) {
        send_all(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
        wait_for_end(connection);
    });
    CHECK(contains(handshake_of(ask(http(plain.port(), nginx_tls()))).error,
                   "SSL_do_handshake() failed (SSL: error:"));
    CHECK(contains(handshake_of(ask(http(plain.port(), nginx_tls()))).error,
                   "wrong version number)"));
    const Peer closing([](int connection) {
        std::array<char, 1> byte{};
        (void)::recv(connection, byte.data(), byte.size(), MSG_PEEK);
        (void)::shutdown(connection, SHUT_WR);
        wait_for_end(connection);
    });
    CHECK(handshake_of(ask(http(closing.port(), nginx_tls()))).error ==
          "peer closed connection in SSL handshake");
    const Peer resetting([](int connection) {
        std::array<char, 1> byte{};
        (void)::recv(connection, byte.data(), byte.size(), MSG_PEEK);
        reset_at_close(connection);
    });
    CHECK(handshake_of(ask(http(resetting.port(), nginx_tls()))).error ==
          "peer closed connection in SSL handshake (104: Connection reset by peer)");
}

TEST_CASE("exchange: other protocols than are asked for") {
    const Peer web(saying("HTTP/1.1 400 Bad Request\r\n\r\n"));
    const ReplyFacts by_http = reply_of(ask(target(web.port(), Protocol::http2, http2_preface())));
    CHECK(by_http.kind == Kind::http);
    CHECK(by_http.error == "upstream sent too large http2 frame: 4740180");
    const Peer any([](int connection) {
        std::array<char, 64> bytes{};
        (void)::recv(connection, bytes.data(), bytes.size(), 0);
        send_all(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
        (void)::shutdown(connection, SHUT_WR);
        wait_for_end(connection);
    });
    CHECK(reply_of(ask(target(any.port(), Protocol::fastcgi, fastcgi_request("")))).error ==
          "upstream sent unsupported FastCGI protocol version: 72");
    const Peer shell([](int connection) {
        send_all(connection, "SSH-2.0-OpenSSH_9.2p1\r\n");
        wait_for_end(connection);
    });
    const ReplyFacts banner = reply_of(ask(http(shell.port())));
    CHECK(banner.kind == Kind::other);
    CHECK(banner.line == "SSH-2.0-OpenSSH_9.2p1");
    CHECK(banner.error == "upstream sent no valid HTTP/1.0 header");
}

TEST_CASE("exchange: a server of HTTP/2 says so in TLS") {
    constexpr std::string_view settings("\0\0\0\4\0\0\0\0\0", 9);
    const TlsPeer peer({.alpn = "h2", .answer = std::string(settings)});
    UpstreamTls tls = nginx_tls();
    tls.alpn = "h2";
    const ConnectFacts facts = ask(target(peer.port(), Protocol::http2, http2_preface(), tls));
    CHECK(handshake_of(facts).alpn == "h2");
    CHECK(reply_of(facts).kind == Kind::http2);
    CHECK(reply_of(facts).error.empty());
}

TEST_CASE("exchange: a handshake alone") {
    const TlsPeer peer({});
    const ConnectFacts facts = ask(target(peer.port(), Protocol::none, {}, nginx_tls()));
    CHECK(handshake_of(facts).protocol == "TLSv1.2");
    CHECK_FALSE(facts.reply.has_value());
}

} // namespace upstream_lint::test
