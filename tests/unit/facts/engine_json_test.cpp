#include "facts/engine_json.hpp"

#include <doctest/doctest.h>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {
namespace {

constexpr std::string_view listed = R"([{
  "Id": "7f1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
  "Names": ["/shop-app-1"], "Image": "shop/app:1.4", "Command": "app --token s3cret", "State": "running",
  "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "app", "token": "s3cret"},
  "Ports": [{"IP": "0.0.0.0", "PrivatePort": 8000, "PublicPort": 8080, "Type": "tcp"},
            {"PrivatePort": 9000, "Type": "tcp"}, {"PrivatePort": 65536}],
  "HostConfig": {"NetworkMode": "shop_default"},
  "NetworkSettings": {"Networks": {"shop_default": {"NetworkID": "a1", "IPAddress": "172.18.0.4",
      "GlobalIPv6Address": "", "Aliases": ["app", "shop-app-1"], "DNSNames": null}}},
  "Mounts": [{"Type": "bind", "Source": "/run/app", "Destination": "/sock"}]}])";

constexpr std::string_view inspected = R"({
  "Id": "7f1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "Name": "/shop-app-1",
  "RestartCount": 3, "Args": ["--token", "s3cret"],
  "State": {"Status": "exited", "OOMKilled": true, "ExitCode": 137, "Error": "boom", "Pid": 0,
    "StartedAt": "2026-11-22T17:40:00.123456789Z", "FinishedAt": "0001-01-01T00:00:00Z",
    "Health": {"Status": "unhealthy", "Log": [{"Output": "old"}, {"Output": "refused"}]}},
  "HostConfig": {"NetworkMode": "bridge", "ExtraHosts": ["db:10.0.0.1"],
    "PortBindings": {"8000/tcp": [{"HostIp": "127.0.0.1", "HostPort": "8080"}]}},
  "Config": {"Image": "shop/app:1.4", "Env": ["PASSWORD=s3cret"], "Labels": {"com.docker.compose.project": "shop"},
    "ExposedPorts": {"8000/tcp": {}, "9000/udp": {}}},
  "NetworkSettings": {"Ports": {}, "Networks": {"bridge": {"IPAddress": "172.17.0.2",
    "GlobalIPv6Address": "2001:db8::2"}}}})";

bool has_secret(const Container& container) {
    Snapshot snapshot;
    snapshot.containers.items.push_back(container);
    return print_snapshot(snapshot).find("s3cret") != std::string::npos;
}

} // namespace

TEST_CASE("the list of containers is read") {
    const auto containers = parse_containers(listed, "docker");
    REQUIRE(containers.has_value());
    REQUIRE(containers->size() == 1);
    const Container& container = containers->front();
    CHECK(container.engine == "docker");
    CHECK(container.names == std::vector<std::string>{"shop-app-1"});
    CHECK(container.project == "shop");
    CHECK(container.service == "app");
    CHECK(container.status == "running");
    CHECK(container.network_mode == "shop_default");
    REQUIRE(container.ports.size() == 2);
    CHECK(container.ports[0] == ContainerPort{8000, "tcp", 8080, "0.0.0.0"});
    CHECK(container.ports[1] == ContainerPort{9000, "tcp", std::nullopt, ""});
    REQUIRE(container.networks.size() == 1);
    CHECK(address_text(container.networks[0].ipv4.value()) == "172.18.0.4");
    CHECK_FALSE(container.networks[0].ipv6);
    CHECK(container.networks[0].dns_names ==
          std::vector<std::string>{"app", "shop-app-1", "7f1aaaaaaaaa"});
    REQUIRE(container.mounts.size() == 1);
    CHECK(container.mounts[0].target == "/sock");
    CHECK_FALSE(has_secret(container));
}

TEST_CASE("what only the details tell is read") {
    const auto container = parse_container(inspected, "podman");
    REQUIRE(container.has_value());
    CHECK(container->status == "exited");
    CHECK(container->oom_killed == true);
    CHECK(container->exit_code == 137);
    CHECK_FALSE(container->pid);
    CHECK(container->started_at == 1'795'369'200);
    CHECK_FALSE(container->finished_at);
    CHECK(container->health == "unhealthy");
    CHECK(container->health_output == "refused");
    CHECK(container->error == "boom");
    CHECK(container->restart_count == 3);
    CHECK(container->extra_hosts == std::vector<std::string>{"db:10.0.0.1"});
    REQUIRE(container->ports.size() == 2);
    CHECK(container->ports[0] == ContainerPort{8000, "tcp", 8080, "127.0.0.1"});
    CHECK(container->ports[1] == ContainerPort{9000, "udp", std::nullopt, ""});
    REQUIRE(container->networks.size() == 1);
    CHECK(container->networks[0].dns_names.empty()); // the default bridge has no names
    CHECK(address_text(container->networks[0].ipv6.value()) == "2001:db8::2");
    CHECK_FALSE(has_secret(*container));
}

TEST_CASE("a container in another's network publishes nothing") {
    const auto container = parse_container(
        R"({"HostConfig": {"NetworkMode": "host", "PortBindings": {"80/tcp": [{"HostPort": "80"}]}}})",
        "docker");
    REQUIRE(container.has_value());
    CHECK(container->ports.empty());
}

TEST_CASE("networks are read") {
    const auto networks = parse_networks(
        R"([{"Name": "shop_default", "Id": "a1", "Driver": "bridge", "Internal": true,
             "Options": {"com.docker.network.bridge.enable_icc": "false"},
             "IPAM": {"Config": [{"Subnet": "172.18.0.0/16"}, {"Subnet": "x"}]}}, {"IPAM": {"Config": null}}])",
        "docker");
    REQUIRE(networks.has_value());
    REQUIRE(networks->size() == 2);
    CHECK((*networks)[0].name == "shop_default");
    CHECK((*networks)[0].is_internal);
    CHECK_FALSE((*networks)[0].allows_icc);
    CHECK((*networks)[1].allows_icc);
    REQUIRE((*networks)[0].subnets.size() == 1);
    CHECK((*networks)[0].subnets[0] == parse_cidr("172.18.0.0/16"));
}

TEST_CASE("an answer of another shape is an error") {
    CHECK(parse_containers("{}", "docker").error().reason == "a list belongs here, not an object");
    CHECK(parse_containers("[1]", "docker").error().reason == "an object belongs here, not 1");
    CHECK(parse_container("[]", "docker").error().reason == "an object belongs here, not a list");
    CHECK(parse_networks(R"({"message": "no"})", "docker").error().object == "docker");
    CHECK_FALSE(parse_containers("page not found", "docker").has_value());
    CHECK(parse_containers(R"([{"Id": 1, "Names": {}, "Ports": [1], "Labels": []}])", "docker")
              .has_value());
}

TEST_CASE("an engine says whether it runs without root") {
    CHECK(parse_rootless(
              R"({"SecurityOptions": ["name=seccomp,profile=default", "name=rootless"]})") == true);
    CHECK(parse_rootless(R"({"SecurityOptions": ["name=seccomp,profile=default"]})") == false);
    CHECK(parse_rootless(R"({"SecurityOptions": []})") == false);
    CHECK(parse_rootless("{}") == std::nullopt);
    CHECK(parse_rootless(R"({"SecurityOptions": "name=rootless"})") == std::nullopt);
    CHECK(parse_rootless("page not found") == std::nullopt);
}

TEST_CASE("the version of the API is read") {
    CHECK(parse_api_version(R"({"ApiVersion": "1.50"})") == "1.50");
    CHECK(parse_api_version("x").empty());
}

} // namespace upstream_lint
