#include "e2e/names/name_server.hpp"
#include "support/backends.hpp"
#include "support/check_report.hpp"
#include "support/get.hpp"
#include "support/process.hpp"
#include "support/running_nginx.hpp"
#include "support/test_socket.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

namespace upstream_lint::test {

namespace {

using testing::RunningNginx;

constexpr std::uint16_t nginx_port = 18'200;
constexpr const char* system_server = "127.0.0.53";
constexpr std::uint16_t broken_port = 5301;
constexpr std::uint16_t refusing_port = 5302;
constexpr std::uint16_t closed_port = 5309;

/// A location, what nginx does there, and what is said of it.
struct State {
    std::string name;
    /// `{app}`: the port of a backend on 127.0.0.1; `{silent}`: that of a name server that says
    /// nothing.
    std::string directives;
    std::string rule;    ///< of `--probe full`; empty: none
    std::string verdict; ///< likewise
    int status = 0;
    std::string log;
    std::string rule_unasked{}; ///< without a probe
};

/// Looked up for requests.
std::string at_run_time(const std::string& resolver, const std::string& name) {
    return fmt::format("resolver {} valid=1s ipv6=off; set $backend {};\n"
                       "proxy_pass http://$backend:{{app}}/;",
                       resolver, name);
}

std::string at_load(const std::string& name) {
    return fmt::format("proxy_pass http://{}:{{app}}/;", name);
}

std::string server_at(std::uint16_t port) {
    return fmt::format("127.0.0.1:{}", port);
}

// nginx takes a name in a variable for one that it has looked up already, if it is in another
// directive: those names differ (ngx_http_upstream_init_request).
const std::vector<State>& states() {
    static const std::vector<State> all = {
        {"healthy", at_load("app.shop.example"), "", "verified", 200, ""},
        {"in-hosts", at_load("hosted.internal"), "", "verified", 200, ""},
        {"completed", at_load("app"), "", "verified", 200, ""},
        {"one-dead", at_load("half.shop.example"), "dns-partial-dead", "verified", 200, "",
         "dns-partial-dead"},
        {"localhost", at_load("localhost"), "localhost-ipv6", "verified", 200, "",
         "localhost-ipv6"},
        {"nobody-there", at_load("dead.shop.example"), "listener-on-other-address", "violated", 502,
         "(111: Connection refused)", "listener-on-other-address"},
        {"asked", at_run_time(system_server, "asked.shop.example"), "", "verified", 200, ""},
        {"asked-dead", at_run_time(system_server, "gone.shop.example"), "listener-on-other-address",
         "violated", 502, "(111: Connection refused)"},
        {"unknown", at_run_time(system_server, "nobody.shop.example"), "resolver-name-unknown",
         "violated", 502, "nobody.shop.example could not be resolved (3: Host not found)"},
        {"short", at_run_time(system_server, "web"), "resolver-short-name", "violated", 502,
         "web could not be resolved (3: Host not found)"},
        {"hosts-only", at_run_time(system_server, "local.internal"), "resolver-ignores-hosts-file",
         "violated", 502, "local.internal could not be resolved (3: Host not found)"},
        {"broken", at_run_time(server_at(broken_port), "asked.shop.example"), "resolver-servfail",
         "violated", 502, "asked.shop.example could not be resolved (2: Server failure)"},
        {"refused", at_run_time(server_at(refusing_port), "asked.shop.example"),
         "resolver-servfail", "violated", 502,
         "asked.shop.example could not be resolved (5: Operation refused)"},
        {"silent", at_run_time("127.0.0.1:{silent}", "asked.shop.example"), "resolver-unreachable",
         "violated", 502, "asked.shop.example could not be resolved (110: Operation timed out)"},
        {"closed", at_run_time(server_at(closed_port), "asked.shop.example"),
         "resolver-unreachable", "violated", 502, "(111: Connection refused) while resolving"},
        {"only-ipv6",
         fmt::format("resolver {} valid=1s; set $backend six.shop.example;\n"
                     "proxy_pass http://$backend:{{app}}/;",
                     system_server),
         "ipv6-unusable", "violated", 502, "(101: Network is unreachable)"},
        {"no-resolver", "set $backend asked.shop.example;\nproxy_pass http://$backend:{app}/;",
         "no-resolver", "none", 502, "no resolver defined to resolve asked.shop.example",
         "no-resolver"},
    };
    return all;
}

class Bench {
public:
    Bench() : silent_(AF_INET, SOCK_DGRAM) {
        TestSocket app(AF_INET, SOCK_STREAM);
        app.bind_ipv4("127.0.0.1").listen();
        app_port_ = app.port();
        backends_.serve(std::move(app));
        silent_.bind_ipv4("127.0.0.1");
        replace("/etc/hosts",
                "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 hosted.internal local.internal\n");
        replace("/etc/resolv.conf",
                fmt::format("nameserver {}\nsearch corp.example\n", system_server));
        replace("/etc/nsswitch.conf", "hosts: files dns\n");
        start_name_servers();
        std::string locations;
        for (const State& state : states()) {
            locations +=
                fmt::format("location /{}/ {{ {} }}\n", state.name,
                            fmt::format(fmt::runtime(state.directives), fmt::arg("app", app_port_),
                                        fmt::arg("silent", silent_.port())));
        }
        backends_.folder().write("nginx.conf", configuration_text(locations));
        nginx_ = std::make_unique<RunningNginx>("/usr/sbin/nginx", backends_.folder().path(),
                                                RunningNginx::Processes::master_and_workers);
        REQUIRE(get(nginx_port, "/healthy/").status == 200);
    }

    [[nodiscard]] std::string configuration() const { return backends_.folder().at("nginx.conf"); }

    [[nodiscard]] const TemporaryFolder& folder() const { return backends_.folder(); }

    [[nodiscard]] std::uint16_t app_port() const { return app_port_; }

    [[nodiscard]] std::string log() const {
        std::ifstream file(backends_.folder().at("error.log"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    /// That of the pass directive.
    [[nodiscard]] int line_of(const State& state) const {
        return line_beginning(configuration(), fmt::format("location /{}/ ", state.name)) +
               static_cast<int>(std::ranges::count(state.directives, '\n'));
    }

    [[nodiscard]] std::string configuration_text(const std::string& locations) const {
        return fmt::format("user www-data;\nworker_processes 1;\nerror_log {0}/error.log info;\n"
                           "events {{ }}\nhttp {{\naccess_log off;\nresolver_timeout 1s;\n"
                           "proxy_connect_timeout 1s;\nproxy_temp_path {0}/proxy;\n"
                           "client_body_temp_path {0}/body;\nfastcgi_temp_path {0}/fastcgi;\n"
                           "uwsgi_temp_path {0}/uwsgi;\nscgi_temp_path {0}/scgi;\n"
                           "server {{\nlisten 127.0.0.1:{1};\n{2}}}\n}}\n",
                           backends_.folder().path(), nginx_port, locations);
    }

private:
    void replace(const std::string& path, const std::string& text) {
        const std::string name = fmt::format("etc-{}", ++replaced_);
        backends_.folder().write(name, text);
        backends_.mount(backends_.folder().at(name), path);
    }

    void start_name_servers() {
        const std::string log = backends_.folder().at("dnsmasq.log");
        servers_.push_back(std::make_unique<NameServer>(
            system_server, 53,
            std::vector<std::string>{"--domain-needed", "--local=/example/", "--local=/internal/",
                                     "--host-record=app.shop.example,127.0.0.1",
                                     "--host-record=app.corp.example,127.0.0.1",
                                     "--host-record=half.shop.example,127.0.0.1",
                                     "--host-record=half.shop.example,127.0.0.9",
                                     "--host-record=dead.shop.example,127.0.0.9",
                                     "--host-record=asked.shop.example,127.0.0.1",
                                     "--host-record=gone.shop.example,127.0.0.9",
                                     "--host-record=web.corp.example,127.0.0.1",
                                     "--host-record=six.shop.example,fd00::1"},
            log));
        // a zone that nobody has signed, where everything is to be signed
        servers_.push_back(std::make_unique<NameServer>(
            "127.0.0.1", broken_port,
            std::vector<std::string>{
                "--dnssec", "--dnssec-no-timecheck",
                "--trust-anchor=.,20326,8,2,"
                "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
                fmt::format("--server={}", system_server)},
            log));
        servers_.push_back(std::make_unique<NameServer>("127.0.0.1", refusing_port,
                                                        std::vector<std::string>(), log));
    }

    Backends backends_;
    TestSocket silent_;
    std::uint16_t app_port_ = 0;
    int replaced_ = 0;
    std::vector<std::unique_ptr<NameServer>> servers_;
    std::unique_ptr<RunningNginx> nginx_;
};

Bench& bench() {
    static Bench only;
    return only;
}

CheckReport run_check(std::vector<std::string> more) {
    more.insert(more.end(), {"--config", bench().configuration()});
    return CheckReport::of(UPSTREAM_LINT_COMMAND, more);
}

} // namespace

TEST_CASE("each state of a name is found, and nginx answers as its rule says") {
    const CheckReport report = run_check({"--probe", "full"});
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        CHECK(joined(report.rules_at(line)) + joined(report.hints_at(line)) == state.rule);
        CHECK(report.verdict_at(line) == state.verdict);
        const std::size_t before = bench().log().size();
        CHECK(get(nginx_port, "/" + state.name + "/").status == state.status);
        const std::string said = bench().log().substr(before);
        CHECK_MESSAGE(said.find(state.log) != std::string::npos, said);
    }
}

TEST_CASE("who is not asked is not accused") {
    const CheckReport report = run_check({});
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        CHECK(joined(report.rules_at(line)) + joined(report.hints_at(line)) == state.rule_unasked);
        const bool is_asked_for = state.directives.starts_with("resolver");
        if (!is_asked_for || state.rule_unasked.empty()) {
            CHECK(report.verdict_at(line) == (is_asked_for ? "unknown" : state.verdict));
        }
    }
}

TEST_CASE("a snapshot tells the same of names") {
    const CheckReport live = run_check({"--probe", "full"});
    const auto taken = testing::run_process({UPSTREAM_LINT_COMMAND, "snapshot", "--probe", "full",
                                             "--config", bench().configuration()});
    REQUIRE_MESSAGE(taken.status == 0, taken.err);
    bench().folder().write("host.json", taken.out);
    const CheckReport later = run_check({"--facts", bench().folder().at("host.json")});
    CHECK(later.comparable() == live.comparable());
}

TEST_CASE("nginx does not start with a name that nobody knows") {
    bench().folder().write(
        "other/nginx.conf",
        bench().configuration_text("location / {\nproxy_pass http://nobody.shop.example;\n}\n"));
    const std::string configuration = bench().folder().at("other/nginx.conf");
    const auto nginx = testing::run_process({"/usr/sbin/nginx", "-t", "-c", configuration});
    CHECK(nginx.status == 1);
    CHECK(nginx.err.find("host not found in upstream \"nobody.shop.example\"") !=
          std::string::npos);
    const CheckReport report =
        CheckReport::of(UPSTREAM_LINT_COMMAND, {"--facts", "live", configuration});
    const int line = line_beginning(configuration, "proxy_pass");
    CHECK(joined(report.rules_at(line)) == "host-not-found-at-load");
    CHECK(report.verdict_at(line) == "violated");
}

} // namespace upstream_lint::test
