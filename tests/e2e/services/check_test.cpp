#include "e2e/services/box.hpp"
#include "support/get.hpp"
#include "support/process.hpp"
#include "support/replace_all.hpp"
#include "support/temporary_folder.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <sched.h>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <vector>

namespace upstream_lint::test {

namespace {

using nlohmann::json;

constexpr std::uint16_t nginx_port = 80;
constexpr const char* command_of_box = "/opt/upstream-lint/command";
constexpr const char* backend_of_box = "/opt/upstream-lint/backend";

/// A state of who is meant to be behind a location.
struct State {
    std::string name; ///< of the location
    std::string pass; ///< what stands in it
    std::string rule; ///< that finds it; empty: it is well
    int status = 200; ///< of a request
    std::string log;  ///< a part of what nginx logs of it
    std::string unit; ///< that the finding names; empty: none
    std::string command;
};

std::string http(const std::string& path) {
    return "proxy_pass http://unix:" + path + ":/;";
}

std::string fastcgi(const std::string& address) {
    return "fastcgi_param SCRIPT_FILENAME /var/www/upstream-lint.php; fastcgi_param "
           "REQUEST_METHOD $request_method; fastcgi_pass " +
           address + ";";
}

const std::vector<State>& states() {
    constexpr const char* absent = "(2: No such file or directory)";
    constexpr const char* denied = "(13: Permission denied)";
    constexpr const char* refused = "(111: Connection refused)";
    static const std::vector<State> all = {
        {"active", http("/run/lint-active/app.sock"), "", 200, "", "", ""},
        {"failed", http("/run/lint-failed/app.sock"), "runtime-dir-not-created", 502, absent,
         "lint-failed.service", "systemctl start lint-failed.service"},
        {"failed-later", http("/run/lint-kept/app.sock"), "socket-missing", 502, absent,
         "lint-kept.service", "systemctl start lint-kept.service"},
        {"stale", http("/run/lint-stale/app.sock"), "socket-stale-file", 502, refused,
         "lint-stale.service", "systemctl start lint-stale.service"},
        {"disabled", http("/run/lint-disabled/app.sock"), "runtime-dir-not-created", 502, absent,
         "lint-disabled.service", "systemctl start lint-disabled.service"},
        {"masked", http("/run/lint-masked/app.sock"), "runtime-dir-not-created", 502, absent,
         "lint-masked.service",
         "systemctl unmask lint-masked.service && systemctl start lint-masked.service"},
        {"missing", http("/run/lint-missing.sock"), "socket-missing", 502, absent, "", ""},
        {"activated", http("/run/lint-activated.sock"), "", 200, "", "", ""},
        {"activated-port", "proxy_pass http://127.0.0.1:9101/;", "", 200, "", "", ""},
        {"activated-denied", http("/run/lint-denied.sock"), "socket-mode-denied", 502, denied, "",
         "systemctl restart lint-denied.socket"},
        {"socket-stopped", "proxy_pass http://127.0.0.1:9102/;", "no-listener", 502, refused,
         "lint-stopped.socket", "systemctl start lint-stopped.socket"},
        {"port-missing", "proxy_pass http://127.0.0.1:9103/;", "no-listener", 502, refused, "", ""},
        {"private-tmp", http("/tmp/lint.sock"), "private-tmp-hides-socket", 502, absent,
         "lint-tmp.service", ""},
        {"php", fastcgi("unix:/run/php/php8.2-fpm.sock"), "", 200, "", "", ""},
        {"php-port", fastcgi("127.0.0.1:9201"), "", 200, "", "", ""},
        {"php-other", fastcgi("unix:/run/php/php8.1-fpm.sock"), "socket-path-mismatch", 502, absent,
         "php8.2-fpm.service", "nginx -t && nginx -s reload"},
        {"php-denied", fastcgi("unix:/run/php/lint-denied.sock"), "socket-mode-denied", 502, denied,
         "", "systemctl restart php8.2-fpm.service"},
    };
    return all;
}

std::string service(const std::string& more, const std::string& arguments) {
    return fmt::format("[Service]\n{}\nExecStart={} --serve {}\n", more, backend_of_box, arguments);
}

std::string socket(const std::string& listen) {
    return fmt::format("[Socket]\nListenStream={}\n", listen);
}

std::string pool(const std::string& name, const std::string& listen) {
    return fmt::format("[{}]\nuser = www-data\ngroup = www-data\nlisten = {}\npm = static\n"
                       "pm.max_children = 1\n",
                       name, listen);
}

std::string configuration() {
    std::string locations;
    for (const State& state : states()) {
        locations += fmt::format("location /{}/ {{ {} }}\n", state.name, state.pass);
    }
    return fmt::format("user www-data;\nworker_processes 1;\npid /run/nginx.pid;\n"
                       "error_log /var/log/nginx/error.log info;\nevents {{ }}\nhttp {{\n"
                       "access_log off;\nserver {{\nlisten 127.0.0.1:{};\n{}}}\n}}\n",
                       nginx_port, locations);
}

void write_units(const Box& box) {
    const std::string folder = "/etc/systemd/system/";
    const auto unit = [&](const std::string& name, const std::string& text) {
        box.write(folder + name, text);
    };
    const auto wanted = [&](const std::string& name) {
        box.link(folder + "multi-user.target.wants/" + name, folder + name);
    };
    unit("lint-active.service",
         service("RuntimeDirectory=lint-active", "/run/lint-active/app.sock"));
    unit("lint-failed.service", "[Service]\nRuntimeDirectory=lint-failed\nExecStart=/bin/false\n");
    unit("lint-kept.service", "[Service]\nRuntimeDirectory=lint-kept\n"
                              "RuntimeDirectoryPreserve=yes\nExecStart=/bin/false\n");
    // ended without removing its socket
    unit("lint-stale.service",
         service("RuntimeDirectory=lint-stale\nRuntimeDirectoryPreserve=yes\nRuntimeMaxSec=1ms",
                 "/run/lint-stale/app.sock"));
    unit("lint-disabled.service",
         service("RuntimeDirectory=lint-disabled", "/run/lint-disabled/app.sock") +
             "[Install]\nWantedBy=multi-user.target\n");
    box.write("/lib/systemd/system/lint-masked.service",
              service("RuntimeDirectory=lint-masked", "/run/lint-masked/app.sock"));
    box.link(folder + "lint-masked.service", "/dev/null");
    unit("lint-activated.socket", socket("/run/lint-activated.sock"));
    unit("lint-activated.service", service("", ""));
    unit("lint-port.socket", socket("127.0.0.1:9101"));
    unit("lint-port.service", service("", ""));
    unit("lint-denied.socket", socket("/run/lint-denied.sock") + "SocketMode=0600\n");
    unit("lint-denied.service", service("", ""));
    unit("lint-stopped.socket", socket("127.0.0.1:9102"));
    unit("lint-stopped.service", service("", ""));
    unit("lint-tmp.service", service("PrivateTmp=yes", "/tmp/lint.sock"));
    for (const char* const name :
         {"lint-active.service", "lint-failed.service", "lint-kept.service", "lint-stale.service",
          "lint-activated.socket", "lint-port.socket", "lint-denied.socket", "lint-tmp.service"}) {
        wanted(name);
    }
}

/// What a machine for tests may have beside nginx and PHP-FPM, and a box does not need.
void mask_others(const Box& box) {
    for (const char* const name : {"docker.service", "docker.socket", "containerd.service",
                                   "podman.socket", "podman.service", "ssh.service",
                                   "unbound.service", "knot.service", "postgresql.service"}) {
        box.link(fmt::format("/etc/systemd/system/{}", name), "/dev/null");
    }
}

class Machine {
public:
    Machine() {
        box_.write("/etc/nginx/nginx.conf", configuration());
        box_.write("/var/www/upstream-lint.php", "<?php echo 'well';\n");
        box_.write("/etc/php/8.2/fpm/pool.d/upstream-lint.conf",
                   pool("denied", "/run/php/lint-denied.sock") +
                       "listen.owner = root\nlisten.group = root\nlisten.mode = 0600\n" +
                       pool("port", "127.0.0.1:9201"));
        write_units(box_);
        mask_others(box_);
        box_.link("/etc/systemd/system/multi-user.target.wants/nginx.service",
                  "/lib/systemd/system/nginx.service");
        box_.link("/etc/systemd/system/multi-user.target.wants/php8.2-fpm.service",
                  "/lib/systemd/system/php8.2-fpm.service");
        const bool is_up = box_.boot(
            {fmt::format("{}:{}", UPSTREAM_LINT_COMMAND, command_of_box),
             fmt::format("{}:{}", std::filesystem::read_symlink("/proc/self/exe").string(),
                         backend_of_box)});
        REQUIRE_MESSAGE(is_up, box_.console());
        REQUIRE(has_ended("lint-stale.service"));
    }

    [[nodiscard]] const Box& box() const { return box_; }

    /// nginx's master, as this machine counts processes.
    [[nodiscard]] std::string master() const {
        const auto found = box_.run({"/usr/bin/systemctl", "show", "-P", "MainPID", "nginx"});
        return outer_pid(found.out);
    }

    [[nodiscard]] LiveAnswer request(const std::string& name) const {
        LiveAnswer answer;
        // a thread of its own, whose namespace nobody else needs
        std::thread([&] {
            const int space = ::open(fmt::format("/proc/{}/ns/net", box_.systemd()).c_str(),
                                     O_RDONLY | O_CLOEXEC); // NOLINT
            if (::setns(space, CLONE_NEWNET) == 0) {
                answer = get(nginx_port, "/" + name + "/");
            }
            ::close(space);
        }).join();
        return answer;
    }

    [[nodiscard]] std::string log() const {
        return box_.run({"/bin/cat", "/var/log/nginx/error.log"}).out;
    }

private:
    [[nodiscard]] bool has_ended(const std::string& unit) const {
        constexpr int most_tries = 500;
        for (int i = 0; i < most_tries; ++i) {
            if (box_.run({"/usr/bin/systemctl", "is-failed", unit}).out == "failed\n") {
                return true;
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }

    /// The process with that number in the box.
    [[nodiscard]] std::string outer_pid(const std::string& inner) const {
        const std::string number = inner.substr(0, inner.find('\n'));
        const std::string space = fmt::format("/proc/{}/ns/pid", box_.systemd());
        for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
            std::error_code gone;
            std::ifstream status(entry.path() / "status");
            for (std::string line; std::getline(status, line);) {
                if (line.starts_with("NSpid:") && line.ends_with("\t" + number) &&
                    std::filesystem::equivalent(entry.path() / "ns/pid", space, gone)) {
                    return entry.path().filename();
                }
            }
        }
        return "";
    }

    Box box_;
};

Machine& machine() {
    static Machine only;
    return only;
}

json parsed(const testing::ProcessResult& result) {
    CAPTURE(result.err);
    REQUIRE(result.status <= 1);
    return json::parse(result.out);
}

json check_inside(const std::vector<std::string>& before = {}) {
    std::vector<std::string> words = before;
    words.insert(words.end(), {command_of_box, "check", "--format", "json"});
    return parsed(machine().box().run(words));
}

json check_outside(const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = {UPSTREAM_LINT_COMMAND, "check",           "--format", "json",
                                      "--instance",          machine().master()};
    words.insert(words.end(), more.begin(), more.end());
    return parsed(testing::run_process(words));
}

int line_of(const State& state) {
    const std::string text = configuration();
    const std::size_t place = text.find(fmt::format("location /{}/ ", state.name));
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<long>(place), '\n'));
}

bool is_at(const json& entry, int line) {
    return std::ranges::any_of(entry["places"],
                               [line](const json& place) { return place["line"] == line; });
}

/// What is found in the line of a state, hints aside.
std::vector<json> findings_at(const json& report, int line) {
    std::vector<json> found;
    for (const json& finding : report["findings"]) {
        if (finding["severity"] != "info" && is_at(finding, line)) {
            found.push_back(finding);
        }
    }
    return found;
}

std::string rules_of(const std::vector<json>& findings) {
    std::set<std::string> rules;
    for (const json& finding : findings) {
        rules.insert(finding["rule"]);
    }
    return fmt::format("{}", fmt::join(rules, " "));
}

std::string verdict_at(const json& report, int line) {
    for (const json& target : report["targets"]) {
        if (is_at(target, line)) {
            return target["verdict"];
        }
    }
    return "none";
}

std::string text_of(const json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

/// `way` stands before each command for the systemd of the box.
void check_state(const json& report, const State& state, const std::string& way) {
    CAPTURE(state.name);
    const std::vector<json> found = findings_at(report, line_of(state));
    // in the box nobody knows who holds sockets outside of it
    if (state.name == "stale" && report["coverage"]["namespaces"] != "ok") {
        CHECK(rules_of(found).empty());
        CHECK(verdict_at(report, line_of(state)) == "unknown");
        return;
    }
    CHECK(rules_of(found) == state.rule);
    CHECK(verdict_at(report, line_of(state)) == (state.rule.empty() ? "verified" : "violated"));
    if (found.size() != 1) {
        return;
    }
    const json& finding = found.front();
    CAPTURE(finding.dump());
    CHECK(finding["severity"] == "error");
    CHECK(text_of(finding["command"]) ==
          replace_all(state.command, "systemctl", way + "systemctl"));
    const std::string said = finding["notes"].dump() + text_of(finding["message"]);
    CHECK(said.find(state.unit) != std::string::npos);
    CHECK((said.find("nothing says which program") != std::string::npos) ==
          (state.unit.empty() && state.command.empty()));
}

/// Without what differs from one moment to the next.
json comparable(json report) {
    for (json& finding : report["findings"]) {
        for (json& evidence : finding["evidence"]) {
            evidence.erase("time");
        }
    }
    for (json& target : report["targets"]) {
        for (json& evidence : target["facts"]) {
            evidence.erase("time");
        }
    }
    report.erase("configs");
    return report;
}

} // namespace

TEST_CASE("in the box each state is found, with its unit and the command for it") {
    const json report = check_inside();
    CHECK(report["coverage"]["systemd"] == "ok");
    for (const State& state : states()) {
        check_state(report, state, "");
    }
}

TEST_CASE("from outside of the box the same is found") {
    const std::string master = machine().master();
    REQUIRE_FALSE(master.empty());
    const json report = check_outside();
    CHECK(report["coverage"]["systemd"] == "ok");
    REQUIRE(report["configs"].size() == 1);
    CHECK(report["configs"][0]["master_pid"] == std::stoi(master));
    for (const State& state : states()) {
        check_state(report, state, fmt::format("nsenter -t {} -a ", master));
        for (const json& finding : findings_at(report, line_of(state))) {
            CHECK(finding["file"] == fmt::format("/proc/{}/root/etc/nginx/nginx.conf", master));
        }
    }
}

TEST_CASE("a file of this machine is not that of the box") {
    const auto result = testing::run_process(
        {UPSTREAM_LINT_COMMAND, "check", "--format", "json", "--config", "/etc/nginx/nginx.conf"});
    const json report = json::parse(result.out);
    CHECK(report["configs"][0]["master_pid"] != std::stoi(machine().master()));
}

TEST_CASE("a snapshot gives the same findings") {
    const json live = check_outside();
    const auto taken =
        testing::run_process({UPSTREAM_LINT_COMMAND, "snapshot", "--instance", machine().master()});
    REQUIRE_MESSAGE(taken.status == 0, taken.err);
    const TemporaryFolder folder;
    folder.write("host.json", taken.out);
    const json later = check_outside({"--facts", folder.at("host.json")});
    CHECK(comparable(later) == comparable(live));
}

const std::vector<std::string> as_nobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                            "--clear-groups"};

TEST_CASE("nobody claims nothing that root does not") {
    const json root = check_inside();
    const json nobody = check_inside(as_nobody);
    for (const State& state : states()) {
        CAPTURE(state.name);
        const int line = line_of(state);
        const std::string known = rules_of(findings_at(root, line));
        const std::string claimed = rules_of(findings_at(nobody, line));
        // whose socket it is says why it is missing
        CHECK((claimed.empty() || claimed == known ||
               (claimed == "socket-missing" && known == "private-tmp-hides-socket")));
        CHECK(verdict_at(nobody, line) != "none");
        if (verdict_at(root, line) == "violated") {
            CHECK(verdict_at(nobody, line) != "verified");
        }
    }
}

TEST_CASE("an nginx whose configuration is not known is said") {
    std::vector<std::string> words = as_nobody;
    words.insert(words.end(), {UPSTREAM_LINT_COMMAND, "check", "--instance", machine().master()});
    const auto result = testing::run_process(words);
    CHECK(result.status == 3);
    CHECK(result.out.empty());
    CHECK_MESSAGE(
        result.err.find("its executable may not be read, and it was started without -c") !=
            std::string::npos,
        result.err);
}

TEST_CASE("nginx answers as the rules say") {
    for (const State& state : states()) {
        CAPTURE(state.name);
        const std::size_t before = machine().log().size();
        CHECK(machine().request(state.name).status == state.status);
        const std::string said = machine().log().substr(before);
        if (!state.log.empty()) {
            CHECK_MESSAGE(said.find(state.log) != std::string::npos, said);
        }
    }
}

TEST_CASE("the commands repair") {
    const json report = check_outside();
    for (const State& state : states()) {
        if (state.name != "disabled" && state.name != "masked" && state.name != "socket-stopped") {
            continue;
        }
        CAPTURE(state.name);
        const std::vector<json> found = findings_at(report, line_of(state));
        REQUIRE(found.size() == 1);
        const auto repair = testing::run_process({"/bin/sh", "-c", found[0]["command"]});
        CHECK_MESSAGE(repair.status == 0, repair.err);
        const json later = check_outside();
        CHECK(verdict_at(later, line_of(state)) == "verified");
        CHECK(machine().request(state.name).status == 200);
    }
}

} // namespace upstream_lint::test
