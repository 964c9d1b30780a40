#include "facts/engine_json.hpp"

#include "facts/columns.hpp"
#include "facts/json_document.hpp"
#include "facts/json_formats.hpp"
#include "facts/time_text.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <unordered_set>
#include <utility>

namespace upstream_lint {

namespace {

using Json = nlohmann::json;

constexpr std::size_t max_output = 512;
constexpr std::size_t short_id_size = 12;

/// A member, or null.
const Json& at(const Json& object, const char* name) {
    static const Json none;
    const auto found = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && found != object.end() ? *found : none;
}

std::string text_at(const Json& object, const char* name) {
    const Json& text = at(object, name);
    return text.is_string() ? text.get<std::string>() : "";
}

template <typename Value> std::optional<Value> value_at(const Json& object, const char* name) {
    Value value{};
    return PlainFormat::read(at(object, name), value) ? std::optional(value) : std::nullopt;
}

std::vector<std::string> texts_at(const Json& object, const char* name) {
    std::vector<std::string> texts;
    const Json& list = at(object, name);
    if (list.is_array()) {
        for (const Json& each : list) {
            if (each.is_string()) {
                texts.push_back(each.get<std::string>());
            }
        }
    }
    return texts;
}

/// What never happened has the year 1.
std::optional<UnixTime> time_at(const Json& object, const char* name) {
    const auto time = parse_rfc3339(text_at(object, name));
    return time && *time > 0 ? time : std::nullopt;
}

std::string without_slash(std::string name) {
    return name.starts_with('/') ? name.substr(1) : name;
}

/// Appends texts that are not there yet, and not empty.
class UniqueTexts {
public:
    explicit UniqueTexts(std::vector<std::string>& texts) :
        texts_(texts), seen_(texts.begin(), texts.end()) {}

    void add(const std::string& text) {
        if (!text.empty() && seen_.insert(text).second) {
            texts_.push_back(text);
        }
    }

private:
    std::vector<std::string>& texts_;
    std::unordered_set<std::string> seen_;
};

/// Of user-defined networks: the others have no names.
bool has_dns(const std::string& network) {
    return network != "bridge" && network != "host" && network != "none";
}

ContainerNetwork read_network(const std::string& name, const Json& json) {
    ContainerNetwork network{.name = name,
                             .id = text_at(json, "NetworkID"),
                             .ipv4 = parse_ipv4(text_at(json, "IPAddress")),
                             .ipv6 = parse_ipv6(text_at(json, "GlobalIPv6Address")),
                             .dns_names = texts_at(json, "DNSNames")};
    UniqueTexts names(network.dns_names);
    for (const std::string& alias : texts_at(json, "Aliases")) {
        names.add(alias);
    }
    return network;
}

/// Engines before 25.0 do not list the names that every container has.
void add_own_names(Container& container) {
    for (ContainerNetwork& network : container.networks) {
        if (has_dns(network.name)) {
            UniqueTexts names(network.dns_names);
            for (const std::string& name : container.names) {
                names.add(name);
            }
            names.add(container.id.substr(0, short_id_size));
        }
    }
}

void read_networks(const Json& settings, Container& container) {
    const Json& networks = at(settings, "Networks");
    if (networks.is_object()) {
        for (const auto& [name, network] : networks.items()) {
            container.networks.push_back(read_network(name, network));
        }
    }
    add_own_names(container);
}

void read_mounts(const Json& json, Container& container) {
    const Json& mounts = at(json, "Mounts");
    if (mounts.is_array()) {
        for (const Json& mount : mounts) {
            container.mounts.push_back({.type = text_at(mount, "Type"),
                                        .source = text_at(mount, "Source"),
                                        .target = text_at(mount, "Destination")});
        }
    }
}

void read_labels(const Json& labels, Container& container) {
    container.project = text_at(labels, "com.docker.compose.project");
    container.service = text_at(labels, "com.docker.compose.service");
}

/// Ports as the list of containers has them.
void read_listed_ports(const Json& ports, Container& container) {
    if (!ports.is_array()) {
        return;
    }
    for (const Json& port : ports) {
        if (const auto number = value_at<std::uint16_t>(port, "PrivatePort")) {
            container.ports.push_back({.port = *number,
                                       .protocol = text_at(port, "Type"),
                                       .host_port = value_at<std::uint16_t>(port, "PublicPort"),
                                       .host_address = text_at(port, "IP")});
        }
    }
}

/// `8000/tcp`
std::optional<ContainerPort> read_port_name(std::string_view name) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    const auto number = parse_number<std::uint16_t>(name.substr(0, slash));
    if (!number) {
        return std::nullopt;
    }
    const std::string_view protocol = slash < name.size() ? name.substr(slash + 1) : "tcp";
    ContainerPort port;
    port.port = *number;
    port.protocol = protocol;
    return port;
}

void add_port(const ContainerPort& port, const Json& bindings, Container& container) {
    if (!bindings.is_array() || bindings.empty()) {
        container.ports.push_back(port);
        return;
    }
    for (const Json& binding : bindings) {
        ContainerPort bound = port;
        bound.host_address = text_at(binding, "HostIp");
        bound.host_port = parse_number<std::uint16_t>(text_at(binding, "HostPort"));
        container.ports.push_back(std::move(bound));
    }
}

/// Where nothing of the container's own is published, whatever it asks for.
bool publishes_nothing(std::string_view network_mode) {
    return network_mode == "host" || network_mode == "none" ||
           network_mode.starts_with("container:");
}

/// A container that does not run has its ports in its configuration alone.
void read_ports(const Json& json, Container& container) {
    const Json none;
    const Json& wanted = publishes_nothing(container.network_mode)
                             ? none
                             : at(at(json, "HostConfig"), "PortBindings");
    const std::array<const Json*, 3> places = {&at(at(json, "NetworkSettings"), "Ports"), &wanted,
                                               &at(at(json, "Config"), "ExposedPorts")};
    std::set<std::pair<std::uint16_t, std::string>> seen;
    for (const Json* ports : places) {
        if (!ports->is_object()) {
            continue;
        }
        for (const auto& [name, bindings] : ports->items()) {
            const auto port = read_port_name(name);
            if (port && seen.emplace(port->port, port->protocol).second) {
                add_port(*port, bindings, container);
            }
        }
    }
}

void read_health(const Json& health, Container& container) {
    const std::string status = text_at(health, "Status");
    container.health = status == "none" ? "" : status;
    const Json& log = at(health, "Log");
    if (log.is_array() && !log.empty()) {
        container.health_output = text_at(log.back(), "Output").substr(0, max_output);
    }
}

void read_state(const Json& state, Container& container) {
    container.status = text_at(state, "Status");
    container.error = text_at(state, "Error");
    container.oom_killed = value_at<bool>(state, "OOMKilled");
    container.exit_code = value_at<std::int32_t>(state, "ExitCode");
    container.pid = value_at<std::uint32_t>(state, "Pid");
    if (container.pid == 0U) {
        container.pid.reset(); // it does not run
    }
    container.started_at = time_at(state, "StartedAt");
    container.finished_at = time_at(state, "FinishedAt");
    read_health(at(state, "Health"), container);
}

Container read_listed(const Json& json, std::string_view engine) {
    Container container;
    container.id = text_at(json, "Id");
    container.engine = engine;
    for (std::string& name : texts_at(json, "Names")) {
        container.names.push_back(without_slash(std::move(name)));
    }
    container.image = text_at(json, "Image");
    container.status = text_at(json, "State");
    container.network_mode = text_at(at(json, "HostConfig"), "NetworkMode");
    read_labels(at(json, "Labels"), container);
    read_networks(at(json, "NetworkSettings"), container);
    read_listed_ports(at(json, "Ports"), container);
    read_mounts(json, container);
    return container;
}

Container read_inspected(const Json& json, std::string_view engine) {
    Container container;
    container.id = text_at(json, "Id");
    container.engine = engine;
    container.names.push_back(without_slash(text_at(json, "Name")));
    container.image = text_at(at(json, "Config"), "Image");
    container.restart_count = value_at<std::uint32_t>(json, "RestartCount");
    const Json& host = at(json, "HostConfig");
    container.network_mode = text_at(host, "NetworkMode");
    container.extra_hosts = texts_at(host, "ExtraHosts");
    read_labels(at(at(json, "Config"), "Labels"), container);
    read_state(at(json, "State"), container);
    read_networks(at(json, "NetworkSettings"), container);
    read_ports(json, container);
    read_mounts(json, container);
    return container;
}

constexpr const char* icc_option = "com.docker.network.bridge.enable_icc";

EngineNetwork read_engine_network(const Json& json) {
    EngineNetwork network{.name = text_at(json, "Name"),
                          .id = text_at(json, "Id"),
                          .driver = text_at(json, "Driver"),
                          .is_internal = value_at<bool>(json, "Internal").value_or(false),
                          .allows_icc = text_at(at(json, "Options"), icc_option) != "false",
                          .subnets = {}};
    const Json& ranges = at(at(json, "IPAM"), "Config");
    if (ranges.is_array()) {
        for (const Json& range : ranges) {
            if (const auto subnet = parse_cidr(text_at(range, "Subnet"))) {
                network.subnets.push_back(*subnet);
            }
        }
    }
    return network;
}

Error shape_error(std::string_view engine, std::string_view wanted, const Json& json) {
    return {.code = 0,
            .operation = "parse()",
            .object = std::string(engine),
            .reason = fmt::format("{} belongs here, not {}", wanted, json_excerpt(json))};
}

/// The elements of a document that is a list of objects.
template <typename Value, typename Read>
Result<std::vector<Value>> read_list(std::string_view text, std::string_view engine, Read read) {
    const auto document = parse_json(text, engine);
    if (!document) {
        return document.error();
    }
    if (!document->is_array()) {
        return shape_error(engine, "a list", *document);
    }
    std::vector<Value> values;
    for (const Json& each : *document) {
        if (!each.is_object()) {
            return shape_error(engine, "an object", each);
        }
        values.push_back(read(each));
    }
    return values;
}

} // namespace

Result<std::vector<Container>> parse_containers(std::string_view json, std::string_view engine) {
    return read_list<Container>(json, engine,
                                [&](const Json& each) { return read_listed(each, engine); });
}

Result<Container> parse_container(std::string_view json, std::string_view engine) {
    const auto document = parse_json(json, engine);
    if (!document) {
        return document.error();
    }
    if (!document->is_object()) {
        return shape_error(engine, "an object", *document);
    }
    return read_inspected(*document, engine);
}

Result<std::vector<EngineNetwork>> parse_networks(std::string_view json, std::string_view engine) {
    return read_list<EngineNetwork>(json, engine, read_engine_network);
}

std::optional<bool> parse_rootless(std::string_view json) {
    const auto document = parse_json(json, "");
    if (!document || !at(*document, "SecurityOptions").is_array()) {
        return std::nullopt;
    }
    const auto options = texts_at(*document, "SecurityOptions");
    return std::ranges::find(options, "name=rootless") != options.end();
}

std::string parse_api_version(std::string_view json) {
    const auto document = parse_json(json, "");
    return document ? text_at(*document, "ApiVersion") : "";
}

} // namespace upstream_lint
