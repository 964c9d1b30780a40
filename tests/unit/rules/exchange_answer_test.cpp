#include "answers.hpp"
#include "rules/exchange_answer.hpp"
#include "support/read_model.hpp"
#include "upstream_lint/lint.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

/// A probe of 127.0.0.1:8080 that was connected.
std::string probe_with(const std::string& members) {
    return R"({"perspective": "1", "target": "127.0.0.1:8080", "status": "ok",
               "connect": {"errno": ""}, )" +
           members + "}";
}

std::string http_probe(const std::string& reply) {
    return probe_with(R"("asked": {"protocol": "http", "http_version": "1.0"}, "http": )" + reply);
}

/// As nginx 1.22 speaks TLS where no directive says how.
std::string tls_probe(const std::string& handshake, const std::string& more = "") {
    return probe_with(R"("asked": {"protocol": "http", "http_version": "1.0", "tls":
        {"protocols": ["TLSv1", "TLSv1.1", "TLSv1.2"], "ciphers": "DEFAULT", "verify_depth": 1)" +
                      more + R"(}}, "tls": )" + handshake);
}

/// docker-proxy listens, and nobody in its container.
std::string dead_container(const std::string& probes) {
    return R"("capture": {"netns": "1"}, "netns": [
        {"id": "1", "addresses": ["127.0.0.1/8"],
         "readings": {"addresses": "ok", "tcp_listeners": "ok"},
         "tcp_listeners": [{"addr": "0.0.0.0", "port": 8080, "comm": "docker-proxy"}]},
        {"id": "7", "container": "7a2b", "addresses": ["127.0.0.1/8", "172.18.0.4/16"],
         "readings": {"addresses": "ok", "tcp_listeners": "ok"}, "tcp_listeners": []}],
        "containers": {"engines": [{"name": "docker", "status": "ok"}], "items": [
        {"id": "7a2b", "engine": "docker", "names": ["app"], "state": {"status": "running"},
         "network_mode": "shop", "sandbox_netns": "7",
         "networks": [{"name": "shop", "id": "a1", "ipv4": "172.18.0.4"}],
         "ports": [{"port": 80, "host_port": 8080, "host_ip": "0.0.0.0"}]}]},
        "probes": [)" +
           probes + "]";
}

std::string listening(const std::string& probes) {
    return R"("capture": {"netns": "1"}, "netns": [{"id": "1", "addresses": ["127.0.0.1/8"],
        "readings": {"addresses": "ok", "tcp_listeners": "ok"},
        "tcp_listeners": [{"addr": "127.0.0.1", "port": 8080}]}], "probes": [)" +
           probes + "]";
}

const std::string answered = R"({"status": "ok", "source": "request", "request": "HEAD / HTTP/1.0",
    "kind": "http", "code": 200, "line": "HTTP/1.1 200 OK"})";
const std::string reset = R"json({"status": "ok", "source": "request",
    "request": "HEAD / HTTP/1.0", "error": "recv() failed (104: Connection reset by peer)"})json";
const std::string silent = R"({"status": "timeout", "source": "request",
    "request": "HEAD / HTTP/1.0"})";
const std::string unasked = R"({"status": "not_asked", "reason": "no URL is known"})";

Report report_of(const std::string& passes, const std::string& members) {
    const Model model = read_model(
        "http { server { listen 80; server_name a.example; " + passes + "} }", Version{1, 22, 1});
    return check(model, plan_check(model), read_facts(members));
}

std::string verdict_of(const Report& report) {
    REQUIRE(report.targets.size() == 1);
    const TargetVerdict& target = report.targets[0];
    std::string text = target.verdict == Verdict::satisfied  ? "verified"
                       : target.verdict == Verdict::violated ? "violated"
                                                             : "unknown";
    return target.reason.empty() ? text : text + ": " + target.reason;
}

bool has_evidence(const Report& report, const std::string& fact, const std::string& value) {
    return std::ranges::any_of(report.targets[0].facts, [&](const Evidence& one) {
        return one.fact == fact && one.value == value;
    });
}

const std::string plain_pass = "location / { proxy_pass http://127.0.0.1:8080; }";
const std::string tls_pass = "location / { proxy_pass https://127.0.0.1:8080; }";

} // namespace

TEST_CASE("exchange: a request tells what a connection to docker-proxy does not") {
    const std::string rule = "docker-proxy-accepts-dead-app";
    CHECK(at_address("127.0.0.1:8080", dead_container(http_probe(reset))) == is_violated(rule));
    CHECK(at_address("127.0.0.1:8080", dead_container(http_probe(silent))) == is_violated(rule));
    CHECK(at_address("127.0.0.1:8080", dead_container(http_probe(unasked))) == is_violated(rule));
    CHECK(at_address("127.0.0.1:8080", dead_container(http_probe(answered))) == is_satisfied);
    const Report report = report_of(plain_pass, dead_container(http_probe(reset)));
    CHECK(has_evidence(report, "answer of 127.0.0.1:8080 to `HEAD / HTTP/1.0`",
                       "recv() failed (104: Connection reset by peer)"));
}

TEST_CASE("exchange: an answer verifies a target, what is none leaves it unknown") {
    const Report well = report_of(plain_pass, listening(http_probe(answered)));
    CHECK(verdict_of(well) == "verified");
    CHECK(has_evidence(well, "answer of 127.0.0.1:8080 to `HEAD / HTTP/1.0`", "HTTP/1.1 200 OK"));
    const Report broken = report_of(plain_pass, listening(http_probe(reset)));
    CHECK(verdict_of(broken) == "unknown: 127.0.0.1:8080 takes connections, but recv() failed "
                                "(104: Connection reset by peer)");
    CHECK(broken.findings.empty());
    const Report late = report_of(plain_pass, listening(http_probe(silent)));
    CHECK(verdict_of(late) == "unknown: 127.0.0.1:8080 takes connections, but a request was not "
                              "answered in time");
    CHECK(late.findings.empty());
    CHECK(verdict_of(report_of(plain_pass, listening(http_probe(unasked)))) == "verified");
}

TEST_CASE("exchange: a handshake that fails for a known cause violates a target") {
    const std::string error = "SSL_do_handshake() failed (SSL: error:0A00010B:SSL "
                              "routines::wrong version number)";
    const Report failed = report_of(
        tls_pass, listening(tls_probe(R"({"status": "ok", "error": ")" + error + R"("})")));
    CHECK(verdict_of(failed) == "violated: 127.0.0.1:8080 takes connections, but " + error);
    REQUIRE(failed.findings.size() == 1);
    CHECK(failed.findings.front().rule == "https-to-plain");
}

TEST_CASE("exchange: a handshake that fails for no known cause accuses nobody") {
    const std::string error = "SSL_do_handshake() failed (SSL: error:0A000126:SSL "
                              "routines::unexpected eof while reading)";
    const Report failed = report_of(
        tls_pass, listening(tls_probe(R"({"status": "ok", "error": ")" + error + R"("})")));
    CHECK(verdict_of(failed) == "unknown: 127.0.0.1:8080 takes connections, but " + error);
    CHECK(failed.findings.empty());
    CHECK(has_evidence(failed, "TLS handshake with 127.0.0.1:8080", error));
    const std::string made =
        R"({"status": "ok", "protocol": "TLSv1.2", "cipher": "ECDHE"}, "http": )" + answered;
    CHECK(verdict_of(report_of(tls_pass, listening(tls_probe(made)))) == "verified");
    // of another kind: nothing is known of this one
    CHECK(verdict_of(report_of(tls_pass, listening(http_probe(reset)))) == "verified");
    const std::string left_out =
        R"({"status": "not_asked", "reason": "`proxy_ssl_name` depends on requests"})";
    CHECK(verdict_of(report_of(tls_pass, listening(tls_probe(left_out)))) == "verified");
    const std::string unbuilt =
        R"({"status": "unsupported", "reason": "this build was made without OpenSSL"})";
    CHECK(verdict_of(report_of(tls_pass, listening(tls_probe(unbuilt)))) == "verified");
}

TEST_CASE("exchange: without the certificate that nginx shows only an answer tells") {
    const std::string certificate = "proxy_ssl_certificate a.pem; proxy_ssl_certificate_key a.key;";
    const std::string passes =
        "location / { proxy_pass https://127.0.0.1:8080; " + certificate + "}";
    const std::string shown = R"(, "client_certificate": true)";
    const std::string refused = R"({"status": "ok", "protocol": "TLSv1.2", "cipher": "x"})";
    CHECK(verdict_of(report_of(passes, listening(tls_probe(refused, shown)))) ==
          "unknown: 127.0.0.1:8080 takes connections, but it is not known how it answers nginx");
    CHECK(verdict_of(report_of(passes, listening(tls_probe(refused + R"(, "http": )" + answered,
                                                           shown)))) == "verified");
}

TEST_CASE("exchange: one directive of two that does not get an answer leaves a target unknown") {
    const Report report = report_of(
        "location /a { proxy_pass http://127.0.0.1:8080; } location /b { proxy_pass "
        "https://127.0.0.1:8080; }",
        listening(http_probe(answered) + ", " + tls_probe(R"({"status": "ok", "error": "x"})")));
    CHECK(verdict_of(report) == "unknown: 127.0.0.1:8080 takes connections, but x");
}

TEST_CASE("exchange: coverage says how handshakes and requests went") {
    const Report report = report_of(plain_pass, listening(http_probe(silent)));
    const auto row = std::ranges::find(report.coverage, "requests", &Coverage::source);
    REQUIRE(row != report.coverage.end());
    CHECK(row->status == "timeout");
    CHECK(std::ranges::find(report.coverage, "handshakes", &Coverage::source) ==
          report.coverage.end());
}

} // namespace upstream_lint::test
