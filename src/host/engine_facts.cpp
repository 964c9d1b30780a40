#include "facts/engine_json.hpp"
#include "host/http_get.hpp"
#include "host/namespace_id.hpp"
#include "host/proc_files.hpp"
#include "host/provider.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

constexpr std::size_t max_containers = 1000;
constexpr std::string_view unix_scheme = "unix://";

struct EngineSocket {
    std::string engine;
    std::string path;
};

std::string environment(const char* name) {
    const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe)
    return value != nullptr ? value : "";
}

// Where engines listen; $DOCKER_HOST stands for Docker's own place.
std::vector<EngineSocket> engine_sockets() {
    std::vector<EngineSocket> sockets;
    const std::string host = environment("DOCKER_HOST");
    const bool is_other = host.starts_with(unix_scheme);
    sockets.push_back({"docker", is_other ? host.substr(unix_scheme.size()) : "/run/docker.sock"});
    sockets.push_back({"podman", "/run/podman/podman.sock"});
    const std::string folder = environment("XDG_RUNTIME_DIR");
    if (!folder.empty())
        sockets.push_back({"podman", folder + "/podman/podman.sock"});
    return sockets;
}

// The process is on this machine and in that container: its engine may run in another place.
bool is_in_container(const std::string& proc, std::uint32_t pid, const std::string& container) {
    const auto groups = read_kernel_file(process_path(proc, pid, "cgroup"));
    return groups && groups->find(container) != std::string::npos;
}

class EngineReader {
public:
    EngineReader(const EngineSocket& socket, const ProviderInput& input) :
        input_(input), http_(socket.path, input.end) {
        engine_.name = socket.engine;
        engine_.socket = socket.path;
        engine_.reading = complete_reading(socket.path);
    }

    void read(ContainerFacts& facts) {
        const auto version = http_.get("/version");
        if (version) {
            engine_.api = parse_api_version(*version);
            if (const auto info = http_.get("/info"))
                is_rootless_ = parse_rootless(*info);
            read_networks(facts);
            read_containers(facts);
        } else {
            engine_.reading = failed_reading(version.error(), engine_.socket);
        }
        facts.engines.push_back(std::move(engine_));
    }

private:
    void miss(const Error& error) {
        engine_.reading.status = ReadStatus::partial;
        engine_.reading.reason = describe(error);
    }

    // One engine may be behind two sockets.
    template <typename Item>
    static bool is_known(const std::vector<Item>& items, const Item& item) {
        return std::ranges::find(items, item.id, &Item::id) != items.end();
    }

    void read_networks(ContainerFacts& facts) {
        const auto text = http_.get("/networks");
        if (!text)
            return miss(text.error());
        const auto networks = parse_networks(*text, engine_.name);
        if (!networks)
            return miss(networks.error());
        for (const EngineNetwork& network : *networks)
            if (!is_known(facts.networks, network))
                facts.networks.push_back(network);
    }

    void read_containers(ContainerFacts& facts) {
        const auto text = http_.get("/containers/json?all=1");
        if (!text)
            return miss(text.error());
        auto parsed = parse_containers(*text, engine_.name);
        if (!parsed)
            return miss(parsed.error());
        std::vector<Container> listed = std::move(parsed).value();
        std::size_t described = 0;
        for (Container& container : listed) {
            if (is_known(facts.items, container))
                continue;
            container.is_rootless = is_rootless_;
            if (described++ == max_containers)
                miss({0, "GET /containers/ID/json", engine_.socket,
                      fmt::format("only {} containers are described", max_containers)});
            if (described <= max_containers && engine_.reading.is_complete())
                describe_container(container, facts);
            else
                facts.items.push_back(container);
        }
    }

    // What the list says stays where there is no more.
    void describe_container(const Container& listed, ContainerFacts& facts) {
        const auto text = http_.get("/containers/" + listed.id + "/json");
        if (!text && text.error().reason == http_not_found)
            return; // it was removed meanwhile
        auto parsed = text ? parse_container(*text, engine_.name) : Result<Container>(text.error());
        if (!parsed) {
            miss(parsed.error());
            facts.items.push_back(listed);
            return;
        }
        Container container = std::move(parsed).value();
        container.is_rootless = is_rootless_;
        const std::string& proc = input_.options.proc;
        if (container.pid && *container.pid != 0 &&
            is_in_container(proc, *container.pid, container.id))
            container.network_namespace =
                namespace_id(process_path(proc, *container.pid, "ns/net"));
        facts.items.push_back(std::move(container));
    }

    const ProviderInput& input_;
    HttpSocket http_;
    Engine engine_;
    std::optional<bool> is_rootless_;
};

} // namespace

Snapshot collect_engines(const ProviderInput& input) {
    Snapshot facts;
    for (const EngineSocket& socket : engine_sockets())
        EngineReader(socket, input).read(facts.containers);
    return facts;
}

} // namespace upstream_lint
