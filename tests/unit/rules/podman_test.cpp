#include "answers.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint::test {

namespace {

const std::string listeners = R"("tcp_listeners": [{"addr": "0.0.0.0", "port": 80}],
    "readings": {"addresses": "ok", "tcp_listeners": "ok", "udp_sockets": "ok"})";

/// A container of the engine at 10.89.0.4, where somebody listens; the host has these addresses.
std::string on_host(const std::string& engine, const std::string& rootless,
                    const std::string& addresses) {
    return fmt::format(
        R"("capture": {{"netns": "1"}}, "netns": [{{"id": "1", "addresses": [{}], {}}},
            {{"id": "7", "container": "7a", "addresses": ["10.89.0.4/24"], {}}}],
           "containers": {{"items": [{{"id": "7a", "engine": "{}", "names": ["app"],
               "state": {{"status": "running"}}, "network_mode": "bridge", "rootless": {},
               "sandbox_netns": "7", "networks": [{{"name": "n", "id": "n1",
                   "ipv4": "10.89.0.4"}}]}}]}})",
        addresses, listeners, listeners, engine, rootless);
}

/// The same, for an nginx in a container of such a mode.
std::string in_container(const std::string& mode, const std::string& networks,
                         const std::string& engine = "podman", const std::string& rootless = "true",
                         const std::string& sockets = listeners) {
    return fmt::format(
        R"("capture": {{"netns": "1"}}, "nginx": {{"instances": [{{"netns": "5",
               "container": "5f"}}]}},
           "netns": [{{"id": "5", "container": "5f", "addresses": ["127.0.0.1/8", "10.0.2.100/24"],
               {}}}, {{"id": "7", "container": "7a", "addresses": ["10.89.0.4/24"], {}}}],
           "containers": {{"items": [{{"id": "5f", "engine": "{}", "names": ["web"],
               "state": {{"status": "running"}}, "network_mode": "{}", "rootless": {},
               "sandbox_netns": "5", "networks": [{}]}},
               {{"id": "7a", "engine": "podman", "names": ["app"], "state": {{"status": "running"}},
               "network_mode": "bridge", "rootless": true, "sandbox_netns": "7",
               "networks": [{{"name": "n", "id": "n1", "ipv4": "10.89.0.4"}}]}}]}})",
        sockets, listeners, engine, mode, rootless, networks);
}

const std::string app = "10.89.0.4:80";
const Said no_way = is_violated("podman-rootless");

Said at_docker_dns(const std::string& members) {
    const Snapshot facts = read_facts(members);
    const FactIndex index(facts);
    return said(answer_listener(*parse_address_and_port("127.0.0.11:53"), true,
                                perspective_of(index), index));
}

} // namespace

TEST_CASE("the host has no way to addresses of containers whose engine runs without root") {
    const std::string own = R"("127.0.0.1/8", "192.0.2.2/24")";
    CHECK(at_address(app, on_host("podman", "true", own)) == no_way);
    CHECK(at_address(app, on_host("podman", "false", own)) == is_satisfied);
    CHECK(at_address(app, on_host("podman", "null", own)) == is_satisfied);
    CHECK(at_address(app, on_host("docker", "true", own)) == is_satisfied);
    CHECK(at_address(app, on_host("podman", "true", own + R"(, "10.89.0.1/24")")) == is_satisfied);
}

TEST_CASE("a container whose network is a process reaches no network of others") {
    CHECK(at_address(app, in_container("slirp4netns", "")) == no_way);
    CHECK(at_address(app, in_container("pasta:-T,auto", "")) == no_way);
    const std::string same = R"({"name": "n", "id": "n1", "ipv4": "10.89.0.3"})";
    CHECK(at_address(app, in_container("bridge", same)) == is_satisfied);
    CHECK(at_address(app, in_container("slirp4netns", "", "podman", "null")) == is_unknown);
}

TEST_CASE("Docker's name server is in no container of Podman") {
    CHECK(at_docker_dns(in_container("bridge", "")) == no_way);
    CHECK(at_docker_dns(in_container("bridge", "", "docker")) == is_unknown);
    const std::string unread = R"("readings": {"udp_sockets": "denied"})";
    CHECK(at_docker_dns(in_container("bridge", "", "podman", "true", unread)) == is_unknown);
    const std::string own_server = R"("udp_sockets": [{"addr": "127.0.0.11", "port": 53}],
        "readings": {"udp_sockets": "ok"})";
    CHECK(at_docker_dns(in_container("bridge", "", "podman", "true", own_server)) == is_satisfied);
}

} // namespace upstream_lint::test
