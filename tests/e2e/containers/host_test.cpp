#include "e2e/containers/recorder.hpp"
#include "e2e/containers/running_engine.hpp"
#include "e2e/containers/scene.hpp"
#include "e2e/containers/words.hpp"
#include "support/get.hpp"
#include "support/process.hpp"
#include "support/running_nginx.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

// nginx on the host, before containers.

namespace upstream_lint::test {

namespace {

using testing::RunningNginx;

std::string loopback(std::uint16_t port) {
    return fmt::format("127.0.0.1:{}/", port);
}

Words publishing(const Place& place, const std::string& address = "127.0.0.1") {
    return {"-p", fmt::format("{}:{}:80", address, place.port)};
}

std::string published(const Place& place) {
    place.engine.start(place.name, publishing(place), serving);
    return loopback(place.port);
}

std::string published_everywhere(const Place& place) {
    place.engine.start(place.name, {"-p", fmt::format("{}:80", place.port)}, serving);
    return loopback(place.port);
}

std::string dead_app(const Place& place) {
    place.engine.start(place.name, publishing(place), idle);
    return loopback(place.port);
}

std::string loopback_alone(const Place& place) {
    place.engine.start(place.name, publishing(place), serving_itself);
    return loopback(place.port);
}

std::string stopped(const Place& place) {
    place.engine.start(place.name, publishing(place), serving);
    place.engine.run({"kill", place.name});
    place.engine.await(place.name, "{{.State.Status}}", {"exited"});
    return loopback(place.port);
}

std::string created(const Place& place) {
    Words words = {"create", "--name", place.name};
    words = with(with(words, publishing(place)), {Engine::busybox_image});
    place.engine.run(with(words, serving));
    return loopback(place.port);
}

std::string restart_loop(const Place& place) {
    place.engine.start(place.name, with(publishing(place), {"--restart", "always"}), {"false"});
    return loopback(place.port);
}

std::string out_of_memory(const Place& place) {
    place.engine.start(place.name, with(publishing(place), {"--memory", "16m"}),
                       {"tail", "/dev/zero"});
    place.engine.await(place.name, "{{.State.Status}}", {"exited"});
    return loopback(place.port);
}

std::string paused(const Place& place) {
    place.engine.start(place.name, publishing(place), serving);
    place.engine.run({"pause", place.name});
    return loopback(place.port);
}

/// Docker asks by itself, every second.
std::string unhealthy(const Place& place) {
    place.engine.start(place.name,
                       with(publishing(place),
                            {"--health-cmd", "false", "--health-interval",
                             place.engine.is_docker() ? "1s" : "disable", "--health-retries", "1"}),
                       serving);
    if (!place.engine.is_docker()) {
        CHECK_THROWS(place.engine.run({"healthcheck", "run", place.name}));
    }
    place.engine.await(place.name, "{{.State.Health.Status}}", {"unhealthy"});
    return loopback(place.port);
}

std::string starting(const Place& place) {
    const std::string interval = place.engine.is_docker() ? "1h" : "disable";
    place.engine.start(
        place.name,
        with(publishing(place), {"--health-cmd", "true", "--health-interval", interval}), serving);
    return loopback(place.port);
}

std::string other_address(const Place& place) {
    place.engine.start(place.name, publishing(place, "127.0.0.2"), serving);
    return loopback(place.port);
}

std::string not_published(const Place& place) {
    place.engine.start(place.name, {"--expose", std::to_string(place.port)},
                       serving_on(place.port));
    return loopback(place.port);
}

std::string published_as_other(const Place& place) {
    const int other = place.port + 1000;
    place.engine.start(place.name, {"-p", fmt::format("127.0.0.1:{}:{}", other, place.port)},
                       serving_on(place.port));
    return loopback(place.port);
}

std::string own_address(const Place& place, int port) {
    return fmt::format("{}:{}/", place.engine.address(place.name, place.engine.first_network()),
                       port);
}

std::string address_of_container(const Place& place) {
    place.engine.start(place.name, {}, serving);
    return own_address(place, 80);
}

std::string published_port_inside(const Place& place) {
    place.engine.start(place.name, publishing(place), serving);
    return own_address(place, place.port);
}

std::string other_port_inside(const Place& place) {
    place.engine.start(place.name, {}, serving);
    return own_address(place, 81);
}

std::string nobody_inside(const Place& place) {
    place.engine.start(place.name, {}, idle);
    return own_address(place, 80);
}

std::string address_of_nobody(const Place& place) {
    place.engine.start(place.name, {}, serving);
    std::string address = place.engine.address(place.name, place.engine.first_network());
    return address.substr(0, address.rfind('.')) + ".250/";
}

std::string lost_network(const Place& place) {
    const std::string owner = place.name + "-owner";
    place.engine.start(owner, publishing(place), idle);
    place.engine.start(place.name, {"--network", "container:" + owner}, serving);
    place.engine.run({"restart", "-t", "0", owner});
    return loopback(place.port);
}

std::string overlapping_network(const Place& place) {
    place.engine.run({"network", "create", "--subnet", "10.77.0.0/16", place.name});
    const auto ip = [](Words words) {
        words.insert(words.begin(), "/usr/bin/ip");
        const auto done = testing::run_process(words);
        REQUIRE_MESSAGE(done.status == 0, done.err);
    };
    ip({"link", "add", "lan", "type", "veth", "peer", "name", "lan-end"});
    ip({"address", "add", "10.77.8.1/22", "dev", "lan"});
    ip({"link", "set", "lan", "up"});
    ip({"link", "set", "lan-end", "up"});
    return "10.77.8.9/";
}

std::vector<State> host_states() {
    return {
        {.name = "restart-loop",
         .rule = "container-not-running",
         .verdict = "violated",
         .status = 502,
         .make = restart_loop,
         .docker_only = true,
         .restarts = true},
        {.name = "published", .verdict = "verified", .status = 200, .make = published},
        {.name = "published-everywhere",
         .verdict = "verified",
         .status = 200,
         .make = published_everywhere},
        {.name = "dead-app",
         .rule = "docker-proxy-accepts-dead-app",
         .verdict = "violated",
         .status = 502,
         .log = dropped,
         .make = dead_app,
         .podman_log = refused},
        {.name = "loopback-alone",
         .rule = "backend-binds-loopback",
         .verdict = "violated",
         .status = 502,
         .log = dropped,
         .make = loopback_alone,
         .podman_log = refused},
        {.name = "stopped",
         .rule = "container-not-running",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = stopped},
        {.name = "created",
         .rule = "container-not-running",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = created},
        {.name = "out-of-memory",
         .rule = "container-oom",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = out_of_memory,
         .podman_rule = "container-not-running"}, // it does not say why it was killed
        {.name = "paused",
         .rule = "container-paused",
         .verdict = "violated",
         .status = 504,
         .log = timed_out,
         .make = paused},
        {.name = "unhealthy",
         .rule = "container-starting-or-unhealthy",
         .verdict = "verified",
         .status = 200,
         .make = unhealthy},
        {.name = "starting",
         .rule = "container-starting-or-unhealthy",
         .verdict = "verified",
         .status = 200,
         .make = starting},
        {.name = "other-address",
         .rule = "published-on-other-address",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = other_address},
        {.name = "not-published",
         .rule = "port-not-published",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = not_published},
        {.name = "published-as-other",
         .rule = "port-not-published",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = published_as_other},
        {.name = "address-of-container",
         .verdict = "verified",
         .status = 200,
         .make = address_of_container,
         .hint = "hardcoded-container-ip"},
        {.name = "published-port-inside",
         .rule = "published-port-inside",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = published_port_inside},
        {.name = "other-port-inside",
         .rule = "wrong-port",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = other_port_inside},
        {.name = "nobody-inside",
         .rule = "no-listener",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = nobody_inside},
        {.name = "address-of-nobody",
         .rule = "hardcoded-container-ip",
         .verdict = "violated",
         .status = 502,
         .log = no_route,
         .make = address_of_nobody},
        {.name = "lost-network",
         .rule = "netns-owner-restarted",
         .verdict = "violated",
         .status = 502,
         .log = dropped,
         .make = lost_network,
         .podman_log = refused},
        {.name = "overlapping-network",
         .rule = "subnet-overlap",
         .verdict = "unknown",
         .status = 502,
         .log = no_route,
         .make = overlapping_network},
    };
}

class HostScene : public Scene {
public:
    explicit HostScene(const Engine& engine) :
        Scene(engine, host_states(), "host", engine.folder() + "/host", 18'100) {
        write_configuration(fmt::format("127.0.0.1:{}", nginx_port_of_host));
        nginx_ = std::make_unique<RunningNginx>("/usr/sbin/nginx", folder(),
                                                RunningNginx::Processes::master_and_workers);
        REQUIRE_MESSAGE(nginx_->is_ready(), nginx_->take_log());
        REQUIRE(get(port(), "/published/").status == 200);
    }

    [[nodiscard]] Words choice() const override { return {"--config", folder() + "/nginx.conf"}; }

protected:
    [[nodiscard]] std::uint16_t port() const override { return nginx_port_of_host; }

private:
    std::unique_ptr<RunningNginx> nginx_;
};

Scene& scene() {
    static Scene& only = keep_scene(std::make_unique<HostScene>(running_engine()));
    return only;
}

const Words as_nobody = {"/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};

} // namespace

TEST_CASE("host: each state is found, and the engine is asked by GET alone") {
    Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    scene().expect_findings();
    const Words requests = recorder.requests();
    CHECK(requests.size() > scene().states().size());
    for (const std::string& request : requests) {
        CHECK_MESSAGE(request.starts_with("GET /"), request);
    }
}

TEST_CASE("host: nginx answers as the rules say") {
    scene().expect_answers();
}

TEST_CASE("host: a snapshot gives the same findings") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    scene().expect_snapshot();
}

TEST_CASE("host: connections tell the same") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    const CheckReport report = scene().while_nobody_restarts([] {
        return scene().check({"--probe", "connect"});
    });
    for (const State& state : scene().states()) {
        CAPTURE(state.name);
        const std::string verdict = report.verdict_at(scene().line_of(state));
        CHECK(verdict == (state.verdict == "unknown" ? "violated" : state.verdict));
    }
}

TEST_CASE("host: nobody claims nothing that root does not") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    const CheckReport root = scene().check();
    const CheckReport nobody = scene().check({}, as_nobody);
    for (const State& state : scene().states()) {
        CAPTURE(state.name);
        const int line = scene().line_of(state);
        auto by_root = root.rules_at(line);
        if (root.verdict_at(line) == "violated") {
            // the same without the engine's word for it
            by_root.insert({"no-listener", "listener-on-other-address"});
        }
        for (const std::string& rule : nobody.rules_at(line)) {
            CHECK_MESSAGE(by_root.contains(rule), rule);
        }
        if (root.verdict_at(line) == "violated") {
            CHECK(nobody.verdict_at(line) != "verified");
        }
        if (root.verdict_at(line) == "verified") {
            CHECK(nobody.verdict_at(line) != "violated");
        }
    }
}

TEST_CASE("host: a name of a container means nothing there") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    const std::string path = scene().folder() + "/names.conf";
    std::ofstream(path) << "events { }\nhttp {\nserver {\nlisten 127.0.0.1:18001;\n"
                           "location / { proxy_pass http://host-published; }\n}\n}\n";
    const auto report =
        CheckReport::of(UPSTREAM_LINT_COMMAND, {"--facts", "live", "--config", path});
    const int line = line_beginning(path, "location / ");
    CHECK(joined(report.rules_at(line)) == "network-mode-host-breaks-names");
    CHECK(report.verdict_at(line) == "violated");
    const auto nginx =
        testing::run_process({"/usr/sbin/nginx", "-t", "-c", path, "-g", "pid " + path + ".pid;"});
    CHECK(nginx.status == 1);
    CHECK_MESSAGE(nginx.err.find("host not found in upstream \"host-published\"") !=
                      std::string::npos,
                  nginx.err);
}

} // namespace upstream_lint::test
