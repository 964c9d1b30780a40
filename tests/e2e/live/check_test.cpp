#include "e2e/live/system_calls.hpp"
#include "support/backends.hpp"
#include "support/check_report.hpp"
#include "support/get.hpp"
#include "support/own_namespaces.hpp"
#include "support/process.hpp"
#include "support/running_nginx.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <set>
#include <string>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace upstream_lint::test {

namespace {

using nlohmann::json;
using testing::RunningNginx;
namespace fs = std::filesystem;

constexpr std::uint16_t nginx_port = 18'000;

/// A state of what stands behind a location. `make` brings it about and gives the address of
/// `proxy_pass`.
struct State {
    std::string name;
    std::string rule; ///< that finds it; empty: it is well
    int status = 502; ///< of a request
    std::string log;  ///< a part of what nginx logs of it
    std::function<std::string(Backends&, const std::string&)> make;
};

std::string unix_target(const std::string& path) {
    return "unix:" + path + ":/";
}

TestSocket unix_listener(const std::string& path, int backlog = 16) {
    TestSocket socket(AF_UNIX, SOCK_STREAM);
    socket.bind_path(path).listen(backlog);
    ::chmod(path.c_str(), 0666);
    return socket;
}

std::string healthy_unix(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.serve(unix_listener(path));
    return unix_target(path);
}

std::string healthy_tcp(Backends& backends, const std::string&) {
    TestSocket socket(AF_INET, SOCK_STREAM);
    socket.bind_ipv4("0.0.0.0").listen();
    const std::uint16_t port = socket.port();
    backends.serve(std::move(socket));
    return fmt::format("127.0.0.1:{}/", port);
}

std::string healthy_dual_stack(Backends& backends, const std::string&) {
    TestSocket socket(AF_INET6, SOCK_STREAM);
    socket.set(IPPROTO_IPV6, IPV6_V6ONLY, 0).bind_ipv6("::").listen();
    const std::uint16_t port = socket.port();
    backends.serve(std::move(socket));
    return fmt::format("127.0.0.1:{}/", port);
}

std::string missing(Backends& backends, const std::string& name) {
    return unix_target(backends.path(name));
}

std::string other_path(Backends& backends, const std::string& name) {
    const fs::path folder = fs::path(backends.path(name)).parent_path();
    backends.serve(unix_listener(folder / "php8.2-fpm.sock"));
    return unix_target(folder / "php8.1-fpm.sock");
}

std::string stale(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    (void)unix_listener(path);
    return unix_target(path);
}

std::string bound_only(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.keep(TestSocket(AF_UNIX, SOCK_STREAM)).bind_path(path);
    ::chmod(path.c_str(), 0666);
    return unix_target(path);
}

std::string datagram(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.keep(TestSocket(AF_UNIX, SOCK_DGRAM)).bind_path(path);
    ::chmod(path.c_str(), 0666);
    return unix_target(path);
}

std::string regular_file(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    std::ofstream(path) << "no socket\n";
    ::chmod(path.c_str(), 0666);
    return unix_target(path);
}

std::string directory(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    fs::create_directory(path);
    return unix_target(path);
}

std::string own_mode(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.serve(unix_listener(path));
    ::chmod(path.c_str(), 0600);
    return unix_target(path);
}

std::string closed_folder(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.serve(unix_listener(path));
    ::chmod(fs::path(path).parent_path().c_str(), 0700);
    return unix_target(path);
}

std::string dangling_link(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    fs::create_symlink("/nowhere/app.sock", path);
    return unix_target(path);
}

std::string missing_folder(Backends& backends, const std::string& name) {
    return unix_target(backends.folder().at(name) + "/app.sock");
}

std::string full_unix_queue(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    backends.keep(unix_listener(path, 0));
    backends.keep(TestSocket::connecting_to_path(path));
    backends.keep(TestSocket::connecting_to_path(path));
    return unix_target(path);
}

/// The file of a socket is mounted, and its program makes a new one in its place.
std::string stale_mount(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    const std::string source = backends.path(name + "-source");
    { (void)unix_listener(source); }
    std::ofstream(path).close();
    backends.mount(source, path);
    fs::remove(source);
    backends.serve(unix_listener(source));
    return unix_target(path);
}

std::string closed_port(Backends&, const std::string&) {
    return "127.0.0.1:18999/";
}

std::string other_address(Backends& backends, const std::string&) {
    TestSocket socket(AF_INET, SOCK_STREAM);
    socket.bind_ipv4("127.0.0.2").listen();
    const std::uint16_t port = socket.port();
    backends.serve(std::move(socket));
    return fmt::format("127.0.0.1:{}/", port);
}

std::string ipv6_alone(Backends& backends, const std::string&) {
    TestSocket socket(AF_INET6, SOCK_STREAM);
    socket.set(IPPROTO_IPV6, IPV6_V6ONLY, 1).bind_ipv6("::").listen();
    const std::uint16_t port = socket.port();
    backends.serve(std::move(socket));
    return fmt::format("127.0.0.1:{}/", port);
}

std::string full_tcp_queue(Backends& backends, const std::string&) {
    TestSocket socket(AF_INET, SOCK_STREAM);
    socket.bind_ipv4("127.0.0.1").listen(0);
    const std::uint16_t port = socket.port();
    backends.keep(std::move(socket));
    backends.keep(TestSocket::connecting_to(port));
    backends.keep(TestSocket::connecting_to(port));
    return fmt::format("127.0.0.1:{}/", port);
}

/// A network namespace beside nginx's, with a loopback interface and a process.
class OtherNetwork {
public:
    OtherNetwork() {
        std::array<int, 2> ends{};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        keeper_ = ::fork();
        if (keeper_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (enter_own_namespaces()) {
                (void)::write(ends[1], "x", 1);
                ::pause();
            }
            ::_exit(1);
        }
        ::close(ends[1]);
        char is_there = 0;
        REQUIRE(::read(ends[0], &is_there, 1) == 1);
        ::close(ends[0]);
    }

    OtherNetwork(const OtherNetwork&) = delete;
    OtherNetwork& operator=(const OtherNetwork&) = delete;

    ~OtherNetwork() {
        ::kill(keeper_, SIGKILL);
        ::waitpid(keeper_, nullptr, 0);
    }

    /// In a thread of its own, which is in the namespace.
    void run(const std::function<void()>& work) const {
        bool is_there = false;
        std::thread([&] {
            const int space = ::open(link().c_str(), O_RDONLY | O_CLOEXEC); // NOLINT
            is_there = ::setns(space, CLONE_NEWNET) == 0;
            ::close(space);
            work();
        }).join();
        REQUIRE(is_there);
    }

    [[nodiscard]] std::string link() const { return fmt::format("/proc/{}/ns/net", keeper_); }

private:
    pid_t keeper_ = -1;
};

OtherNetwork& other_network() {
    static OtherNetwork only;
    return only;
}

std::string tcp_in_other_network(Backends& backends, const std::string&) {
    std::uint16_t port = 0;
    other_network().run([&] {
        TestSocket socket(AF_INET, SOCK_STREAM);
        socket.bind_ipv4("127.0.0.1").listen();
        port = socket.port();
        backends.serve(std::move(socket));
    });
    return fmt::format("127.0.0.1:{}/", port);
}

/// A path leads to a socket, whichever network namespace that is in.
std::string unix_in_other_network(Backends& backends, const std::string& name) {
    const std::string path = backends.path(name);
    other_network().run([&] { backends.serve(unix_listener(path)); });
    return unix_target(path);
}

const std::vector<State>& states() {
    static const std::vector<State> all = {
        {"healthy-unix", "", 200, "", healthy_unix},
        {"healthy-tcp", "", 200, "", healthy_tcp},
        {"healthy-dual-stack", "", 200, "", healthy_dual_stack},
        {"unix-elsewhere", "", 200, "", unix_in_other_network},
        {"tcp-elsewhere", "no-listener", 502, "(111: Connection refused)", tcp_in_other_network},
        {"missing", "socket-missing", 502, "(2: No such file or directory)", missing},
        {"other-path", "socket-path-mismatch", 502, "(2: No such file or directory)", other_path},
        {"stale", "socket-stale-file", 502, "(111: Connection refused)", stale},
        {"bound-only", "socket-stale-file", 502, "(111: Connection refused)", bound_only},
        {"datagram", "socket-wrong-type", 502, "(91: Protocol wrong type for socket)", datagram},
        {"regular-file", "target-not-a-socket", 502, "(111: Connection refused)", regular_file},
        {"directory", "target-not-a-socket", 502, "(13: Permission denied)", directory},
        {"own-mode", "socket-mode-denied", 502, "(13: Permission denied)", own_mode},
        {"closed-folder", "parent-dir-not-traversable", 502, "(13: Permission denied)",
         closed_folder},
        {"dangling-link", "socket-symlink-dangling", 502, "(2: No such file or directory)",
         dangling_link},
        {"missing-folder", "socket-missing", 502, "(2: No such file or directory)", missing_folder},
        {"full-unix-queue", "unix-backlog-full", 502, "(11: Resource temporarily unavailable)",
         full_unix_queue},
        {"stale-mount", "bind-mounted-socket-file-stale", 502, "(111: Connection refused)",
         stale_mount},
        {"closed-port", "no-listener", 502, "(111: Connection refused)", closed_port},
        {"other-address", "listener-on-other-address", 502, "(111: Connection refused)",
         other_address},
        {"ipv6-alone", "listener-on-other-address", 502, "(111: Connection refused)", ipv6_alone},
        {"full-tcp-queue", "tcp-accept-queue-full", 504, "(110: Connection timed out)",
         full_tcp_queue},
    };
    return all;
}

/// Everything at once: a location for each state.
class Bench {
public:
    Bench() {
        std::string locations;
        for (const State& state : states()) {
            const std::string target = state.make(backends_, state.name);
            locations +=
                fmt::format("location /{}/ {{ proxy_pass http://{}; }}\n", state.name, target);
        }
        backends_.folder().write("nginx.conf",
                                 fmt::format("user www-data;\nworker_processes 1;\n"
                                             "error_log {0}/error.log info;\n"
                                             "events {{ }}\nhttp {{\naccess_log off;\n"
                                             "proxy_connect_timeout 1s;\nproxy_temp_path "
                                             "{0}/proxy;\nclient_body_temp_path {0}/body;\n"
                                             "fastcgi_temp_path {0}/fastcgi;\nuwsgi_temp_path "
                                             "{0}/uwsgi;\nscgi_temp_path {0}/scgi;\n"
                                             "server {{\nlisten 127.0.0.1:{1};\n{2}}}\n}}\n",
                                             backends_.folder().path(), nginx_port, locations));
        nginx_ = std::make_unique<RunningNginx>("/usr/sbin/nginx", backends_.folder().path(),
                                                RunningNginx::Processes::master_and_workers);
        // the one who answers is what it is going to be
        REQUIRE(get(nginx_port, "/healthy-tcp/").status == 200);
    }

    [[nodiscard]] std::string configuration() const { return backends_.folder().at("nginx.conf"); }

    [[nodiscard]] std::string log() const {
        std::ifstream file(backends_.folder().at("error.log"), std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    [[nodiscard]] const TemporaryFolder& folder() const { return backends_.folder(); }

    [[nodiscard]] int line_of(const State& state) const {
        return line_beginning(configuration(), fmt::format("location /{}/ ", state.name));
    }

private:
    Backends backends_;
    std::unique_ptr<RunningNginx> nginx_;
};

Bench& bench() {
    static Bench only;
    return only;
}

CheckReport run_check(std::vector<std::string> more = {},
                      const std::vector<std::string>& before = {}) {
    more.insert(more.end(), {"--config", bench().configuration()});
    return CheckReport::of(UPSTREAM_LINT_COMMAND, more, before);
}

/// Sockets of processes that are not seen may be bound to a file, too.
bool is_proven(const State& state, const CheckReport& report) {
    const bool asks_for_all = state.name == "stale" || state.name == "stale-mount";
    return !asks_for_all || report.document()["coverage"]["namespaces"] == "ok";
}

} // namespace

TEST_CASE("each state is found, and nginx answers as its rule says") {
    const CheckReport report = run_check();
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        const std::set<std::string> wanted =
            state.rule.empty() ? std::set<std::string>() : std::set{state.rule};
        if (is_proven(state, report)) {
            CHECK(joined(report.rules_at(line)) == joined(wanted));
            CHECK(report.verdict_at(line) == (state.rule.empty() ? "verified" : "violated"));
        }
        const std::size_t before = bench().log().size();
        CHECK(get(nginx_port, "/" + state.name + "/").status == state.status);
        const std::string said = bench().log().substr(before);
        if (!state.log.empty()) {
            CHECK_MESSAGE(said.find(state.log) != std::string::npos, said);
        }
    }
}

TEST_CASE("a snapshot gives the same findings") {
    const CheckReport live = run_check();
    const auto taken = testing::run_process(
        {UPSTREAM_LINT_COMMAND, "snapshot", "--config", bench().configuration()});
    REQUIRE_MESSAGE(taken.status == 0, taken.err);
    bench().folder().write("host.json", taken.out);
    const CheckReport later = run_check({"--facts", bench().folder().at("host.json")});
    CHECK(later.comparable() == live.comparable());
}

TEST_CASE("a snapshot brings its configuration along") {
    const json live = run_check().document();
    const auto taken = testing::run_process(
        {UPSTREAM_LINT_COMMAND, "snapshot", "--with-config", "--config", bench().configuration()});
    REQUIRE_MESSAGE(taken.status == 0, taken.err);
    const auto result = testing::run_process(
        {UPSTREAM_LINT_COMMAND, "check", "--format", "json", "--facts", "-"}, "/", taken.out);
    REQUIRE_MESSAGE(result.status == 1, result.err);
    const json later = json::parse(result.out);
    REQUIRE(later["findings"].size() == live["findings"].size());
    for (std::size_t i = 0; i < live["findings"].size(); ++i) {
        for (const char* field : {"rule", "message", "line", "column", "urls"}) {
            CHECK(later["findings"][i][field] == live["findings"][i][field]);
        }
    }
}

TEST_CASE("nobody claims nothing that root does not") {
    const CheckReport root = run_check();
    const CheckReport nobody =
        run_check({}, {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        const auto by_root = root.rules_at(line);
        for (const std::string& rule : nobody.rules_at(line)) {
            CHECK(by_root.contains(rule));
        }
        if (root.verdict_at(line) == "violated") {
            CHECK(nobody.verdict_at(line) != "verified");
        }
    }
}

TEST_CASE("a configuration that cannot be read is no finding, and said") {
    const std::string path = bench().folder().at("secret.conf");
    bench().folder().write("secret.conf", "events { }\n");
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    const auto denied =
        testing::run_process({"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                              "--clear-groups", UPSTREAM_LINT_COMMAND, "check", path});
    CHECK(denied.status == 3);
    CHECK(denied.out.find("0 errors, 0 warnings") != std::string::npos);
    CHECK(denied.err.find("secret.conf\" failed (13: Permission denied)") != std::string::npos);

    const auto missing =
        testing::run_process({UPSTREAM_LINT_COMMAND, "check", bench().folder().at("missing.conf")});
    CHECK(missing.status == 3);
    CHECK(missing.err.find("missing.conf\" failed (2: No such file or directory)") !=
          std::string::npos);
}

TEST_CASE("what touches something is seen in a trace") {
    CHECK(calls_that_touch("1 execve(\"a\", [], 0) = 0\n"
                           "1 openat(AT_FDCWD, \"/a\", O_RDONLY|O_CLOEXEC) = 3\n"
                           "2 write(1<pipe:[1]>, \"a\", 1) = 1\n"
                           "1 <... read resumed>) = 0\n"
                           "1 +++ exited with 0 +++\n")
              .empty());
    for (const char* call :
         {"openat(AT_FDCWD, \"/a\", O_RDONLY|O_CREAT) = 3", "open(\"/a\", O_RDWR) = 3",
          "write(3</a>, \"a\", 1) = 1", "kill(1, SIGHUP) = 0", "unlink(\"/a\") = 0",
          "execve(\"b\", [], 0) = 0", "clone(child_stack=NULL, flags=SIGCHLD) = 9",
          "sendto(3<UNIX-STREAM:[1->2]>, \"POST /containers\", 16, 0, NULL, 0) = 16",
          "connect(3<TCP:[1]>, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0"}) {
        CAPTURE(call);
        CHECK(calls_that_touch("1 execve(\"a\", [], 0) = 0\n1 " + std::string(call)).size() == 1);
    }
}

TEST_CASE("nothing is touched") {
    if (!fs::exists("/usr/bin/strace")) {
        MESSAGE("skipped: there is no /usr/bin/strace");
        return;
    }
    const std::string trace = bench().folder().at("trace");
    for (const char* command : {"check", "snapshot"}) {
        CAPTURE(command);
        const auto result = testing::run_process({"/usr/bin/strace", "-f", "-yy", "-o", trace,
                                                  UPSTREAM_LINT_COMMAND, command, "--config",
                                                  bench().configuration()});
        REQUIRE_MESSAGE(result.status <= 1, result.err);
        std::ifstream file(trace, std::ios::binary);
        const std::string calls{std::istreambuf_iterator<char>(file), {}};
        REQUIRE(calls.find("exited with") != std::string::npos);
        CHECK(fmt::format("{}", fmt::join(calls_that_touch(calls), "\n")) == "");
    }
}

TEST_CASE("from another network namespace the same is seen: what nginx sees") {
    const CheckReport own = run_check();
    const std::vector<std::string> there = {"/usr/bin/nsenter", "--net=" + other_network().link()};
    for (const char* const mode : {"none", "connect"}) {
        const CheckReport other = run_check({"--probe", mode}, there);
        CAPTURE(mode);
        for (const State& state : states()) {
            CAPTURE(state.name);
            const int line = bench().line_of(state);
            if (mode == std::string_view("none")) {
                CHECK(joined(other.rules_at(line)) == joined(own.rules_at(line)));
            }
            CHECK(other.verdict_at(line) == own.verdict_at(line));
        }
    }
}

TEST_CASE("connections tell the same") {
    const CheckReport report = run_check({"--probe", "connect"});
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = bench().line_of(state);
        CHECK(report.verdict_at(line) == (state.rule.empty() ? "verified" : "violated"));
    }
}

} // namespace upstream_lint::test
