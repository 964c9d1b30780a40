#include "support/check_report.hpp"
#include "support/get.hpp"
#include "support/peer.hpp"
#include "support/process.hpp"
#include "support/running_nginx.hpp"
#include "support/temporary_folder.hpp"
#include "support/tls_peer.hpp"

#include <csignal>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/ssl.h>
#include <poll.h>
#include <string>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <vector>

namespace upstream_lint::test {

namespace {

using nlohmann::json;
using testing::RunningNginx;

constexpr std::uint16_t nginx_port = 18'100;
constexpr std::uint16_t tls_port = 18'101;   // of the same nginx, as a backend
constexpr std::uint16_t plain_port = 18'102; // likewise
constexpr const char* fpm_binary = "/usr/sbin/php-fpm8.2";
constexpr const char* fpm_pools = "/etc/php/8.2/fpm/pool.d";

/// A backend, and a location that passes requests to it.
struct State {
    std::string name;
    std::string directives; ///< `{}`: the backend's port
    std::string error;      ///< a part of what nginx logs, and of what the probe says; empty: well
    std::string rule;       ///< that finds it; empty: none
    std::uint16_t port = 0;
};

class Bench {
public:
    Bench() {
        ::chmod(folder_.path().c_str(), 0755);
        const CertificateText good = make_certificate();
        const CertificateText old = make_certificate({.days_from = -30, .days_to = -1});
        folder_.write("good.pem", good.certificate);
        folder_.write("good.key", good.key);
        folder_.write("old.pem", old.certificate);
        folder_.write("other.pem", make_certificate().certificate);
        add_broken_tls(good, old);
        add_broken_protocols();
        states_.push_back({"healthy-tls",
                           "proxy_pass https://127.0.0.1:{};" + verified("good.pem", "app.example"),
                           "", "", tls_port});
        states_.push_back({"healthy", "proxy_pass http://127.0.0.1:{}/;", "", "", plain_port});
        // to nginx a plain request to a TLS port is one that it answers: with 400
        states_.push_back(
            {"plain-to-https", "proxy_pass http://127.0.0.1:{}/x;", "", "", tls_port});
        folder_.write("nginx.conf", configuration_text());
        nginx_ = std::make_unique<RunningNginx>("/usr/sbin/nginx", folder_.path(),
                                                RunningNginx::Processes::master_and_workers);
        REQUIRE(get(nginx_port, "/healthy/").status == 200);
    }

    [[nodiscard]] std::string configuration() const { return folder_.at("nginx.conf"); }

    [[nodiscard]] const std::vector<State>& states() const { return states_; }

    [[nodiscard]] std::string log() const {
        std::ifstream file(folder_.at("error.log"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    [[nodiscard]] int line_of(const State& state) const {
        return line_beginning(configuration(), fmt::format("location /{}/ ", state.name));
    }

private:
    [[nodiscard]] std::string verified(const std::string& trusted, const std::string& name) const {
        return fmt::format("proxy_ssl_verify on; proxy_ssl_trusted_certificate {}; proxy_ssl_name "
                           "{};",
                           folder_.at(trusted), name);
    }

    void add_tls(const std::string& name, const std::string& rule, const std::string& more,
                 const std::string& error, TlsWish wish) {
        tls_peers_.push_back(std::make_unique<TlsPeer>(std::move(wish)));
        states_.push_back({name, "proxy_pass https://127.0.0.1:{};" + more, error, rule,
                           tls_peers_.back()->port()});
    }

    void add(const std::string& name, const std::string& rule, const std::string& directives,
             const std::string& error, Peer::Serve serve) {
        peers_.push_back(std::make_unique<Peer>(std::move(serve)));
        states_.push_back({name, directives, error, rule, peers_.back()->port()});
    }

    void add_broken_tls(const CertificateText& good, const CertificateText& old) {
        const std::string newest = "proxy_ssl_protocols TLSv1.3;";
        add_tls("newest-alone", "protocol-version", "",
                "alert protocol version:SSL alert number 70)",
                {.identity = good, .min_version = TLS1_3_VERSION});
        add_tls("no-name", "sni-missing", "", "alert handshake failure:SSL alert number 40)",
                {.identity = good, .needs_name = true});
        add_tls("wrong-name", "sni-wrong", "proxy_ssl_server_name on; proxy_ssl_name group;",
                "unrecognized name:SSL alert number 112)", {.identity = good, .needs_name = true});
        add_tls("right-name", "", "proxy_ssl_server_name on; proxy_ssl_name app.example;", "",
                {.identity = good, .needs_name = true});
        add_tls("not-trusted", "verify-failed", verified("other.pem", "app.example"),
                "upstream SSL certificate verify error: (", {.identity = good});
        add_tls("expired", "verify-failed", verified("old.pem", "app.example"),
                "upstream SSL certificate verify error: (10:certificate has expired)",
                {.identity = old});
        add_tls("other-name", "name-mismatch", verified("good.pem", "other.example"),
                "upstream SSL certificate does not match \"other.example\"", {.identity = good});
        add_tls("wants-certificate", "mtls-required", "",
                "alert handshake failure:SSL alert number 40)",
                {.identity = good, .max_version = TLS1_2_VERSION, .needs_certificate = true});
        add_tls("wants-certificate-later", "mtls-required", newest,
                "certificate required:SSL alert number 116)",
                {.identity = good, .min_version = TLS1_3_VERSION, .needs_certificate = true});
        add_tls("other-ciphers", "cipher-mismatch", "proxy_ssl_ciphers AES128-SHA;",
                "alert handshake failure:SSL alert number 40)",
                {.identity = good, .max_version = TLS1_2_VERSION});
        const std::string tls = "proxy_pass https://127.0.0.1:{};";
        add("https-to-plain", "https-to-plain", tls, "wrong version number)", [](int connection) {
            await_byte(connection); // what comes earlier newer versions of nginx call premature
            send_all(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
            wait_for_end(connection);
        });
        add("closes", "tls-chain-reset", tls, "peer closed connection in SSL handshake",
            [](int connection) {
                await_byte(connection);
                (void)::shutdown(connection, SHUT_WR);
                wait_for_end(connection);
            });
        add("resets", "tls-chain-reset", tls,
            "peer closed connection in SSL handshake (104: Connection reset by peer)",
            [](int connection) {
                await_byte(connection);
                reset_at_close(connection);
            });
    }

    void add_broken_protocols() {
        const std::string http = "proxy_pass http://127.0.0.1:{};";
        add("http-closes", "", http, "upstream prematurely closed connection",
            [](int connection) { (void)receive_until(connection, "\r\n\r\n"); });
        add("http-resets", "", http, "recv() failed (104: Connection reset by peer)",
            [](int connection) {
                (void)receive_until(connection, "\r\n\r\n");
                reset_at_close(connection);
            });
        add("ssh", "non-http-service", http, "upstream sent no valid HTTP/1.0 header",
            [](int connection) {
                send_all(connection, "SSH-2.0-OpenSSH_9.2p1\r\n");
                (void)receive_until(connection, "\r\n\r\n");
            });
        add("fastcgi-to-http", "fastcgi-to-http", "fastcgi_pass 127.0.0.1:{};",
            "upstream sent unsupported FastCGI protocol version: 72", [](int connection) {
                await_byte(connection);
                send_all(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
                (void)::shutdown(connection, SHUT_WR);
                wait_for_end(connection);
            });
        add("grpc-to-http", "grpc-to-http1", "grpc_pass 127.0.0.1:{};",
            "upstream sent too large http2 frame: 4740180", [](int connection) {
                await_byte(connection);
                send_all(connection, "HTTP/1.1 400 Bad Request\r\n\r\n");
                (void)::shutdown(connection, SHUT_WR);
                wait_for_end(connection);
            });
    }

    static void await_byte(int connection) {
        char byte = 0;
        (void)::recv(connection, &byte, 1, MSG_PEEK);
    }

    [[nodiscard]] std::string configuration_text() const {
        std::string locations;
        for (const State& state : states_) {
            locations += fmt::format("location /{}/ {{ {} }}\n", state.name,
                                     fmt::format(fmt::runtime(state.directives), state.port));
        }
        return fmt::format(
            "user www-data;\nworker_processes 1;\nerror_log {0}/error.log info;\nevents {{ }}\n"
            "http {{\naccess_log off;\nproxy_connect_timeout 1s;\nproxy_temp_path {0}/proxy;\n"
            "client_body_temp_path {0}/body;\nfastcgi_temp_path {0}/fastcgi;\nuwsgi_temp_path "
            "{0}/uwsgi;\nscgi_temp_path {0}/scgi;\nserver {{\nlisten 127.0.0.1:{1};\n{2}}}\n"
            "server {{\nlisten 127.0.0.1:{3} ssl;\nssl_certificate {0}/good.pem;\n"
            "ssl_certificate_key {0}/good.key;\nreturn 200;\n}}\n"
            "server {{\nlisten 127.0.0.1:{4};\nreturn 200;\n}}\n}}\n",
            folder_.path(), nginx_port, locations, tls_port, plain_port);
    }

    TemporaryFolder folder_;
    std::vector<State> states_;
    std::vector<std::unique_ptr<Peer>> peers_;
    std::vector<std::unique_ptr<TlsPeer>> tls_peers_;
    std::unique_ptr<RunningNginx> nginx_;
};

Bench& bench() {
    static Bench only;
    return only;
}

json run(std::vector<std::string> words) {
    const auto result = testing::run_process(words);
    CAPTURE(result.err);
    REQUIRE(result.status <= 1);
    return json::parse(result.out);
}

json snapshot_of(const std::string& configuration) {
    return run({UPSTREAM_LINT_COMMAND, "snapshot", "--probe", "full", "--config", configuration});
}

/// What was said to a port over TLS, or without.
json probe_of(const json& snapshot, const State& state) {
    const bool uses_tls = state.directives.find("https://") != std::string::npos;
    for (const json& probe : snapshot["probes"]) {
        if (probe["target"] == fmt::format("127.0.0.1:{}", state.port) &&
            !probe["asked"].is_null() && probe["asked"]["tls"].is_null() != uses_tls) {
            return probe;
        }
    }
    return {};
}

/// The first thing that went wrong.
std::string error_of(const json& probe) {
    for (const char* member : {"error", "verify_error"}) {
        if (!probe["tls"].is_null() && probe["tls"][member] != "") {
            return probe["tls"][member];
        }
    }
    return probe["http"].is_null() ? "" : probe["http"]["error"].get<std::string>();
}

/// PHP-FPM with one pool.
class RunningFpm {
public:
    explicit RunningFpm(const std::string& configuration) {
        int ends[2] = {-1, -1}; // NOLINT
        REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ends[1], STDERR_FILENO);
            ::execl(fpm_binary, fpm_binary, "-F", "-R", "-y", configuration.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        end_ = ends[0];
    }

    RunningFpm(const RunningFpm&) = delete;
    RunningFpm& operator=(const RunningFpm&) = delete;

    ~RunningFpm() {
        ::kill(pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
        ::close(end_);
    }

    /// False: it ended, or says nothing for ten seconds.
    [[nodiscard]] bool is_ready() const {
        constexpr int patience = 10'000;
        std::string log;
        while (log.find("ready to handle connections") == std::string::npos) {
            pollfd waiting{.fd = end_, .events = POLLIN, .revents = 0};
            char text[512]; // NOLINT
            const ssize_t size =
                ::poll(&waiting, 1, patience) == 1 ? ::read(end_, text, sizeof text) : 0;
            if (size <= 0) {
                MESSAGE(log);
                return false;
            }
            log.append(text, static_cast<std::size_t>(size)); // NOLINT
        }
        return true;
    }

private:
    pid_t pid_ = -1;
    int end_ = -1;
};

} // namespace

TEST_CASE("a probe says what nginx logs") {
    const json snapshot = snapshot_of(bench().configuration());
    for (const State& state : bench().states()) {
        CAPTURE(state.name);
        const json probe = probe_of(snapshot, state);
        REQUIRE_FALSE(probe.is_null());
        const std::string error = error_of(probe);
        const std::size_t before = bench().log().size();
        const int status = get(nginx_port, "/" + state.name + "/").status;
        const std::string said = bench().log().substr(before);
        CAPTURE(said);
        CAPTURE(error);
        if (state.error.empty()) {
            CHECK(error.empty());
            CHECK(probe["http"]["code"] == status);
        } else {
            CHECK(error.find(state.error) != std::string::npos);
            CHECK(said.find(error) != std::string::npos);
        }
    }
}

TEST_CASE("what answers is verified, and of what does not it is said why") {
    const CheckReport report = CheckReport::of(
        UPSTREAM_LINT_COMMAND, {"--probe", "full", "--config", bench().configuration()});
    for (const State& state : bench().states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        const std::string hints = joined(report.hints_at(line));
        CHECK(joined(report.rules_at(line)) + hints == state.rule);
        const bool is_known = !state.rule.empty() && hints.empty();
        CHECK(report.verdict_at(line) == (state.error.empty() ? "verified"
                                          : is_known          ? "violated"
                                                              : "unknown"));
    }
}

TEST_CASE("nothing is asked but with full") {
    for (const char* mode : {"none", "connect"}) {
        const json snapshot = run({UPSTREAM_LINT_COMMAND, "snapshot", "--probe", mode, "--config",
                                   bench().configuration()});
        for (const json& probe : snapshot["probes"]) {
            CHECK(probe["asked"].is_null());
            CHECK(probe["tls"].is_null());
            CHECK(probe["http"].is_null());
        }
    }
}

TEST_CASE("PHP-FPM answers its ping, and says that there is no script") {
    if (::access(fpm_binary, X_OK) != 0) {
        MESSAGE("skipped: there is no " << fpm_binary);
        return;
    }
    const TemporaryFolder folder;
    const std::string socket = folder.at("fpm.sock");
    const std::string pool = fmt::format(
        "[www]\nuser = www-data\ngroup = www-data\nlisten = {}\nlisten.mode = 0666\npm = static\n"
        "pm.max_children = 1\n",
        socket);
    folder.write("pools/www.conf", pool + "ping.path = /fpm-ping\n");
    folder.write("fpm.conf",
                 fmt::format("[global]\nerror_log = /proc/self/fd/2\ninclude = {}/pools/*.conf\n",
                             folder.path()));
    folder.write("nginx.conf", fmt::format("events {{ }}\nhttp {{ server {{ listen 127.0.0.1:1; "
                                           "location / {{ fastcgi_pass unix:{}; }} }} }}\n",
                                           socket));
    const RunningFpm fpm(folder.at("fpm.conf"));
    REQUIRE(fpm.is_ready());
    const auto ask = [&] { return snapshot_of(folder.at("nginx.conf"))["probes"][0]; };
    const json probe = ask();
    CAPTURE(probe.dump());
    REQUIRE(probe["http"].is_object());
    const json unknown = probe["http"];
    CHECK(unknown["kind"] == "fastcgi");
    CHECK(unknown["code"] == 404);
    CHECK(unknown["line"] == "Status: 404 Not Found");
    if (std::filesystem::is_directory(fpm_pools)) {
        // in the mount namespace of this program
        REQUIRE(::mount(folder.at("pools").c_str(), fpm_pools, nullptr, MS_BIND, nullptr) == 0);
        const json ping = ask()["http"];
        ::umount(fpm_pools);
        CHECK(ping["request"] == "HEAD /fpm-ping");
        CHECK(ping["code"] == 200);
    }
}

} // namespace upstream_lint::test
