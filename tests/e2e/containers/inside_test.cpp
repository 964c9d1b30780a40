#include "e2e/containers/empty_name_server.hpp"
#include "e2e/containers/recorder.hpp"
#include "e2e/containers/running_engine.hpp"
#include "e2e/containers/scene.hpp"
#include "e2e/containers/words.hpp"
#include "support/backends.hpp"
#include "support/get.hpp"
#include "support/process.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>

// nginx in a container, before others.

namespace upstream_lint::test {

namespace {

namespace fs = std::filesystem;
constexpr const char* shop = "shop"; ///< the network that nginx has
constexpr const char* other = "other";
constexpr const char* quiet = "quiet"; ///< one that keeps containers from each other
constexpr const char* web = "web";     ///< nginx's container

Words in_shop(const Words& more = {}) {
    return with({"--network", shop}, more);
}

std::string gateway(const Engine& engine) {
    return engine.run({"network", "inspect", "-f",
                       engine.is_docker() ? "{{(index .IPAM.Config 0).Gateway}}"
                                          : "{{(index .Subnets 0).Gateway}}",
                       shop});
}

/// nginx of this machine, with a folder as its `/etc/nginx`.
void start_nginx(const Engine& engine, const std::string& name, const std::string& folder,
                 const Words& options) {
    const Words mounts = {"-v", "/usr:/usr:ro", "-v", folder + ":/etc/nginx"};
    engine.start(name, with(mounts, options), {"/usr/sbin/nginx", "-g", "daemon off;"},
                 Engine::machine_image);
}

/// Programs of the host; they end with the scene.
std::unique_ptr<Backends>& host_programs() {
    static auto all = std::make_unique<Backends>();
    return all;
}

std::string service(const Place& place) {
    place.engine.start(place.name, in_shop(), serving);
    return place.name + "/";
}

std::string alias(const Place& place) {
    place.engine.start(place.name, in_shop({"--network-alias", "api"}), serving);
    return "api/";
}

std::string own_loopback(const Place& place) {
    place.engine.start(place.name, in_shop({"--expose", std::to_string(place.port)}),
                       serving_on(place.port));
    return fmt::format("127.0.0.1:{}/", place.port);
}

std::string loopback_alone(const Place& place) {
    place.engine.start(place.name, in_shop(), serving_itself);
    return place.name + "/";
}

std::string published_port_inside(const Place& place) {
    place.engine.start(place.name, in_shop({"-p", fmt::format("{}:80", place.port)}), serving);
    return fmt::format("{}:{}/", place.name, place.port);
}

std::string published_port_outside(const Place& place) {
    place.engine.start(place.name, in_shop({"-p", fmt::format("{}:80", place.port)}), serving);
    return fmt::format("{}:{}/", gateway(place.engine), place.port);
}

std::string other_port(const Place& place) {
    place.engine.start(place.name, in_shop(), serving);
    return place.name + ":81/";
}

std::string nobody_inside(const Place& place) {
    place.engine.start(place.name, in_shop(), idle);
    return place.name + "/";
}

std::string paused(const Place& place) {
    place.engine.start(place.name, in_shop(), serving);
    place.engine.run({"pause", place.name});
    return place.engine.address(place.name, shop) + "/";
}

std::string address_of_container(const Place& place) {
    place.engine.start(place.name, in_shop(), serving);
    return place.engine.address(place.name, shop) + "/";
}

std::string no_shared_network(const Place& place) {
    place.engine.start(place.name, {"--network", other}, serving);
    return place.engine.address(place.name, other) + "/";
}

std::string no_icc(const Place& place) {
    place.engine.start(place.name, {"--network", quiet}, serving);
    return place.engine.address(place.name, quiet) + "/";
}

std::string two_projects(const Place& place) {
    for (const char* const project : {"one", "two"}) {
        place.engine.start(fmt::format("{}-{}", place.name, project),
                           in_shop({"--network-alias", place.name, "--label",
                                    fmt::format("com.docker.compose.project={}", project)}),
                           serving);
    }
    return place.name + "/";
}

std::string program_of_host(const Place& place) {
    TestSocket socket(AF_INET, SOCK_STREAM);
    socket.bind_ipv4("0.0.0.0").listen();
    const std::uint16_t port = socket.port();
    host_programs()->serve(std::move(socket));
    return fmt::format("{}:{}/", gateway(place.engine), port);
}

std::string host_loopback_alone(const Place& place) {
    TestSocket socket(AF_INET, SOCK_STREAM);
    socket.bind_ipv4("127.0.0.1").listen();
    const std::uint16_t port = socket.port();
    host_programs()->serve(std::move(socket));
    return fmt::format("{}:{}/", gateway(place.engine), port);
}

/// A second nginx that listens at a path.
void start_listener(const Place& place, const std::string& path, const Words& options) {
    const std::string folder = place.engine.folder() + "/" + place.name;
    fs::create_directories(folder);
    std::ofstream(folder + "/nginx.conf")
        << fmt::format("error_log /etc/nginx/error.log;\nevents {{ }}\nhttp {{\naccess_log off;\n"
                       "server {{ listen unix:{}; return 200; }}\n}}\n",
                       path);
    start_nginx(place.engine, place.name, folder, in_shop(options));
}

std::string unshared_socket(const Place& place) {
    start_listener(place, "/run/unshared.sock", {});
    return "unix:/run/unshared.sock:/";
}

std::string shared_socket(const Place& place) {
    const std::string folder = place.engine.folder() + "/inside/sockets";
    fs::create_directories(folder);
    start_listener(place, "/sockets/app.sock", {"-v", folder + ":/sockets"});
    return "unix:/etc/nginx/sockets/app.sock:/";
}

std::vector<State> inside_states() {
    return {
        {.name = "service", .verdict = "verified", .status = 200, .make = service},
        {.name = "alias", .verdict = "verified", .status = 200, .make = alias},
        {.name = "own-loopback",
         .rule = "container-loopback-target",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = own_loopback},
        {.name = "loopback-alone",
         .rule = "backend-binds-loopback",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = loopback_alone},
        {.name = "published-port-inside",
         .rule = "published-port-inside",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = published_port_inside},
        {.name = "published-port-outside",
         .verdict = "verified",
         .status = 200,
         .make = published_port_outside},
        {.name = "other-port",
         .rule = "wrong-port",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = other_port},
        {.name = "nobody-inside",
         .rule = "no-listener",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = nobody_inside},
        {.name = "paused",
         .rule = "container-paused",
         .verdict = "violated",
         .status = 504,
         .log = timed_out,
         .make = paused},
        {.name = "address-of-container",
         .verdict = "verified",
         .status = 200,
         .make = address_of_container,
         .hint = "hardcoded-container-ip"},
        {.name = "no-shared-network",
         .rule = "no-shared-network",
         .verdict = "violated",
         .status = 504,
         .log = timed_out,
         .make = no_shared_network,
         .docker_only = true},
        {.name = "no-icc",
         .rule = "inter-container-traffic-off",
         .verdict = "violated",
         .status = 504,
         .log = timed_out,
         .make = no_icc,
         .docker_only = true},
        {.name = "two-projects",
         .rule = "duplicate-alias",
         .verdict = "verified",
         .status = 200,
         .make = two_projects},
        {.name = "program-of-host", .verdict = "verified", .status = 200, .make = program_of_host},
        {.name = "host-loopback-alone",
         .rule = "host-service-loopback-only",
         .verdict = "violated",
         .status = 502,
         .log = refused,
         .make = host_loopback_alone},
        {.name = "unshared-socket",
         .rule = "socket-not-shared-with-container",
         .verdict = "violated",
         .status = 502,
         .log = missing_file,
         .make = unshared_socket},
        {.name = "shared-socket", .verdict = "verified", .status = 200, .make = shared_socket},
    };
}

/// Options with which the command runs in a container and asks the engine.
Words seeing_engine(const Engine& engine) {
    const std::string command = fs::path(UPSTREAM_LINT_COMMAND).parent_path();
    return {"-v", command + ":" + command + ":ro", "-v", engine.socket() + ":" + engine.socket()};
}

/// The networks have to be there before the states are.
const Engine& with_networks(const Engine& engine) {
    engine.run({"network", "create", shop});
    engine.run({"network", "create", other});
    if (engine.is_docker()) {
        engine.run(
            {"network", "create", "-o", "com.docker.network.bridge.enable_icc=false", quiet});
    }
    return engine;
}

void await_answer(std::uint16_t port, const std::string& path) {
    using namespace std::chrono_literals;
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (get(port, path).status != 200) {
        if (std::chrono::steady_clock::now() > end) {
            throw std::runtime_error("nginx does not answer in its container");
        }
        std::this_thread::sleep_for(20ms);
    }
}

class InsideScene : public Scene {
public:
    explicit InsideScene(const Engine& engine) :
        Scene(with_networks(engine), inside_states(), "inside", "/etc/nginx", 18'300) {
        if (engine.is_docker()) {
            outer_names_.emplace(gateway(engine));
        }
        write_configuration("80");
        const std::string published = fmt::format("127.0.0.1:{}:80", nginx_port_of_host + 1);
        start_nginx(
            engine, web, folder(),
            with(in_shop({"-p", published, "--dns", gateway(engine)}), seeing_engine(engine)));
        if (engine.is_docker()) {
            engine.run({"network", "connect", quiet, web});
        }
        await_answer(port(), "/service/");
        id_ = engine.inspect(web, "{{.Id}}");
    }

    ~InsideScene() override { host_programs().reset(); }

    InsideScene(const InsideScene&) = delete;
    InsideScene& operator=(const InsideScene&) = delete;

    [[nodiscard]] Words choice() const override { return {"--instance", id_}; }

protected:
    [[nodiscard]] std::uint16_t port() const override { return nginx_port_of_host + 1; }

private:
    std::optional<EmptyNameServer> outer_names_;
    std::string id_;
};

Scene& scene() {
    static Scene& only = keep_scene(std::make_unique<InsideScene>(running_engine()));
    return only;
}

/// What the command says of a configuration in nginx's container, where it sees nothing but that
/// and the engine's socket.
struct Within {
    const Engine& engine;
    std::string container;
    std::string folder; ///< its /etc/nginx

    [[nodiscard]] CheckReport check(const std::string& targets) const {
        std::ofstream(folder + "/within.conf")
            << fmt::format("events {{ }}\nhttp {{\nserver {{\nlisten 81;\n{}}}\n}}\n", targets);
        const Words before = with(
            engine.command(), {"exec", "-e", "DOCKER_HOST=unix://" + engine.socket(), container});
        return CheckReport::of(UPSTREAM_LINT_COMMAND,
                               {"--facts", "live", "--config", "/etc/nginx/within.conf"}, before);
    }

    [[nodiscard]] int line_of(const std::string& location) const {
        return line_beginning(folder + "/within.conf", "location /" + location + " ");
    }

    /// The last line of `nginx -t`.
    [[nodiscard]] std::string nginx_says() const {
        const auto said =
            testing::run_process(with(engine.command(), {"exec", container, "/usr/sbin/nginx", "-t",
                                                         "-c", "/etc/nginx/within.conf"}));
        return said.err + said.out;
    }
};

} // namespace

TEST_CASE("inside: each state is found") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    scene().expect_findings();
}

TEST_CASE("inside: nginx answers as the rules say") {
    scene().expect_answers();
}

TEST_CASE("inside: a snapshot gives the same findings") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    scene().expect_snapshot();
}

TEST_CASE("inside: who may not look into the container is told so, and nothing else") {
    const Recorder recorder(scene().engine().usual_socket(), scene().engine().socket());
    Words words = {"/usr/bin/setpriv", "--reuid=65534",       "--regid=65534",
                   "--clear-groups",   UPSTREAM_LINT_COMMAND, "check"};
    const auto said = testing::run_process(with(words, scene().choice()));
    CHECK(said.status == 3);
    CHECK(said.out.empty());
    CHECK_FALSE(said.err.empty());
}

TEST_CASE("inside: names, asked for in nginx's own container") {
    if (!scene().engine().is_docker()) {
        return; // of other names, Podman's name server says that it does not know
    }
    const Engine& engine = scene().engine();
    const Within within{engine, web, scene().folder()};
    engine.start("far", {"--network", other}, serving);
    engine.start("gone", in_shop({"--network-alias", "back"}), serving);
    engine.run({"kill", "gone"});

    const std::vector<std::pair<std::string, std::string>> rules = {
        {"inside-service", ""},
        {"inside-servise", "service-name-mismatch"},
        {"far", "no-shared-network"},
        {"gone", "container-not-running"},
        {"nobody-has-that", "host-not-found-at-load"},
    };
    std::string targets;
    for (const auto& [name, rule] : rules) {
        targets += fmt::format("location /{0} {{ proxy_pass http://{0}; }}\n", name);
    }
    const CheckReport report = within.check(targets);
    for (const auto& [name, rule] : rules) {
        CAPTURE(name);
        const int line = within.line_of(name);
        CHECK(joined(report.rules_at(line)) == rule);
        // who listens in another container is not seen from this one
        CHECK(report.verdict_at(line) == (rule.empty() ? "unknown" : "violated"));
    }
    const std::string said = within.nginx_says();
    CHECK_MESSAGE(said.find("host not found in upstream \"inside-servise\"") != std::string::npos,
                  said);
}

TEST_CASE("inside: the first network has no names") {
    if (!scene().engine().is_docker()) {
        return;
    }
    const Engine& engine = scene().engine();
    const std::string folder = engine.folder() + "/lonely";
    fs::create_directories(folder);
    std::ofstream(folder + "/nginx.conf")
        << "error_log /etc/nginx/error.log;\nevents { }\nhttp { access_log off; }\n";
    start_nginx(engine, "lonely", folder, with(seeing_engine(engine), {"--dns", gateway(engine)}));
    engine.start("neighbour", {}, serving);
    const Within within{engine, "lonely", folder};
    const CheckReport report =
        within.check("location /neighbour { proxy_pass http://neighbour; }\n");
    const int line = within.line_of("neighbour");
    CHECK(joined(report.rules_at(line)) == "default-bridge-no-dns");
    CHECK(report.verdict_at(line) == "violated");
    const std::string said = within.nginx_says();
    CHECK_MESSAGE(said.find("host not found in upstream \"neighbour\"") != std::string::npos, said);
}

TEST_CASE("inside: its own network is not taken for the host's") {
    const Engine& engine = scene().engine();
    const Within within{engine, web, scene().folder()};
    // published on the host, where nginx is not
    engine.start("shop-front", in_shop({"-p", "127.0.0.1:18400:80"}), serving);
    const CheckReport report =
        within.check("location /front { proxy_pass http://127.0.0.1:18400; }\n");
    const int line = within.line_of("front");
    CHECK(joined(report.rules_at(line)) == "container-loopback-target");
    CHECK(report.verdict_at(line) == "violated");
}

} // namespace upstream_lint::test
