#include "rules/fact_index.hpp"

#include "config/ascii.hpp"

#include <algorithm>
#include <iterator>

namespace upstream_lint {

namespace {

template <typename Map, typename Key> auto found_in(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? typename Map::mapped_type{} : found->second;
}

template <typename Map, typename Key> auto all_in(const Map& map, const Key& key) {
    using Items = typename Map::mapped_type;
    const auto found = map.find(key);
    return found == map.end() ? std::span<const typename Items::value_type>()
                              : std::span<const typename Items::value_type>(found->second);
}

SocketAddress without_port(SocketAddress address) {
    address.port = 0;
    return address;
}

bool is_running(const Container& container) {
    return container.status == "running" || container.status == "paused";
}

/// `/var/run` is a link to `/run` wherever systemd is.
std::string_view without_var(std::string_view path) {
    return path.starts_with("/var/run/") ? path.substr(4) : path;
}

/// `9000`, `127.0.0.1:9000`, `[::]:9000`, `*:9000`; 0: none of them.
std::uint16_t port_of(std::string_view listen) {
    const std::size_t colon = listen.rfind(':');
    const std::string_view port = listen.substr(colon == std::string_view::npos ? 0 : colon + 1);
    const auto address = parse_address_and_port("0.0.0.0:" + std::string(port));
    return address ? address->port : std::uint16_t{0};
}

/// Takes what is sent to any address of the machine.
bool is_everywhere(std::string_view listen) {
    return listen.find_first_not_of("0123456789") == std::string_view::npos ||
           listen.starts_with("*:") || listen.starts_with("0.0.0.0:") ||
           listen.starts_with("[::]:");
}

/// What stands for a listener in the index: a path, `ADDRESS:PORT`, or the port alone.
std::string key_of(std::string_view listen) {
    if (listen.starts_with('/')) {
        return std::string(without_var(listen));
    }
    return is_everywhere(listen) ? std::to_string(port_of(listen)) : std::string(listen);
}

bool has_unix_sockets_with_files(const NetworkNamespace& network) {
    return network.unix_reading.is_complete() &&
           std::ranges::all_of(network.unix_sockets, [](const UnixSocket& socket) {
               return !socket.path.starts_with('/') || socket.file_inode;
           });
}

} // namespace

std::string_view network_lender(const Container& container) {
    constexpr std::string_view beginning = "container:";
    const std::string_view mode = container.network_mode;
    return mode.starts_with(beginning) ? mode.substr(beginning.size()) : std::string_view();
}

FactIndex::FactIndex(const Snapshot& snapshot) : snapshot_(&snapshot) {
    add_networks();
    for (const PathFacts& path : snapshot.paths) {
        paths_.add({path.mount_namespace, path.path}, &path);
    }
    paths_.sort();
    for (const NameFacts& name : snapshot.dns.names) {
        names_.try_emplace({name.perspective, name.name}, &name);
    }
    for (const DnsAnswer& answer : snapshot.dns.answers) {
        dns_answers_[answer.name].push_back(&answer);
    }
    for (const ConnectFacts& connect : snapshot.connects) {
        connects_.try_emplace({connect.perspective, connect.target}, &connect);
        if (connect.exchange) {
            exchanges_[{connect.perspective, connect.target}].push_back(&connect);
        }
    }
    for (const Account& account : snapshot.accounts) {
        accounts_.try_emplace(account.uid, &account);
    }
    add_containers();
    if (is_in_container_network()) {
        host_network_ = nullptr;
    }
    add_services();
}

/// Whether the facts were read in the network of a container, beside an nginx of it.
bool FactIndex::is_in_container_network() const {
    return std::ranges::any_of(snapshot_->instances, [&](const NginxInstance& instance) {
        const Container* const own = container(instance.container);
        const Container* const owner = own == nullptr ? nullptr : network_owner(*own);
        return instance.network_namespace == snapshot_->network_namespace && owner != nullptr &&
               owner->network_mode != "host";
    });
}

void FactIndex::add_networks() {
    const auto& all = snapshot_->network_namespaces;
    for (const NetworkNamespace& network : all) {
        networks_.try_emplace(network.id, &network);
        if (network.container.empty() && network.id == snapshot_->network_namespace) {
            host_network_ = &network;
        }
        for (const InterfaceAddress& own : network.addresses) {
            addresses_of_networks_.emplace(&network, without_port(own.address));
        }
        for (const InetSocket& socket : network.tcp_listeners) {
            tcp_.add({&network, socket.address.port}, &socket);
            tcp_anywhere_.add(socket.address.port, &socket);
        }
        for (const InetSocket& socket : network.udp_sockets) {
            udp_.add({&network, socket.address.port}, &socket);
        }
        for (const UnixSocket& socket : network.unix_sockets) {
            if (socket.device && socket.file_inode) {
                files_.add({*socket.device, *socket.file_inode}, &socket);
            }
            if (socket.is_listening) {
                listening_names_.add(socket.path, &socket);
            }
        }
    }
    tcp_.sort();
    tcp_anywhere_.sort();
    udp_.sort();
    files_.sort();
    listening_names_.sort();
    knows_all_unix_sockets_ = snapshot_->namespaces_reading.is_complete() && !all.empty() &&
                              std::ranges::all_of(all, has_unix_sockets_with_files);
}

void FactIndex::add_containers() {
    const ContainerFacts& facts = snapshot_->containers;
    std::vector<const Container*> all;
    std::ranges::transform(facts.items, std::back_inserter(all),
                           [](const Container& c) { return &c; });
    std::stable_partition(all.begin(), all.end(),
                          [](const Container* c) { return is_running(*c); });
    for (const Container* const container : all) {
        containers_.try_emplace(container->id, container);
        if (!container->network_namespace.empty() && is_running(*container)) {
            containers_by_network_[container->network_namespace].push_back(container);
        }
        const bool has_network_of_other = !network_lender(*container).empty();
        for (const ContainerNetwork& network : container->networks) {
            if (has_network_of_other) {
                break; // Podman says of it what is the other's
            }
            for (const auto& address : {network.ipv4, network.ipv6}) {
                if (address) {
                    addresses_.try_emplace(without_port(*address), container);
                }
            }
            for (const std::string& name : network.dns_names) {
                container_names_[lower(name)].push_back({container, &network});
            }
        }
        for (const std::string& name : container->names) {
            container_names_[lower(name)].push_back({container, nullptr});
        }
        if (!container->service.empty()) {
            container_names_[lower(container->service)].push_back({container, nullptr});
        }
        add_ports(*container);
    }
    const auto is_read = [](const Engine& e) { return e.reading.is_complete(); };
    hides_containers_ = std::ranges::any_of(facts.engines, [&](const Engine& e) {
        return !is_read(e) && e.reading.status != ReadStatus::absent;
    });
    knows_all_containers_ = !hides_containers_ && std::ranges::any_of(facts.engines, is_read);
}

/// Published ports mean nothing where a container has the host's network, and are the other's where
/// it has that of another container.
void FactIndex::add_ports(const Container& container) {
    if (container.network_mode == "host") {
        return;
    }
    for (const ContainerPort& port : container.ports) {
        const bool is_datagram = port.protocol == "udp";
        if (!is_datagram && port.protocol != "tcp") {
            continue;
        }
        if (port.host_port && network_lender(container).empty()) {
            published_[{*port.host_port, is_datagram}].push_back({&container, &port});
        }
        if (is_running(container)) {
            exposed_[{port.port, is_datagram}].push_back({&container, &port});
        }
    }
}

void FactIndex::add_services() {
    for (const Unit& unit : snapshot_->systemd.units) {
        units_.try_emplace(unit.id, &unit);
    }
    for (const SocketUnit& unit : snapshot_->systemd.sockets) {
        for (const SocketUnit::Listen& listen : unit.listen) {
            meant_listeners_.try_emplace(key_of(listen.address), MeantListener{.unit = &unit});
        }
    }
    for (const FpmPool& pool : snapshot_->fpm.pools) {
        add_pool(pool);
    }
}

void FactIndex::add_pool(const FpmPool& pool) {
    meant_listeners_.try_emplace(key_of(pool.listen), MeantListener{.pool = &pool});
    if (!pool.listen.starts_with('/')) {
        if (const std::uint16_t port = port_of(pool.listen); port != 0) {
            pools_[port].push_back(&pool);
        }
        return;
    }
    const auto bound = listening_names_.find(pool.listen);
    if (!bound.empty()) {
        listening_pools_.push_back({&pool, bound.front()});
    }
}

const NetworkNamespace* FactIndex::network(std::string_view id) const {
    return found_in(networks_, id);
}

bool FactIndex::has_address(const NetworkNamespace& network, const SocketAddress& address) const {
    return addresses_of_networks_.contains({&network, without_port(address)});
}

std::span<const InetSocket* const> FactIndex::tcp_listeners(const NetworkNamespace& network,
                                                            std::uint16_t port) const {
    return tcp_.find({&network, port});
}

std::span<const InetSocket* const> FactIndex::tcp_listeners_anywhere(std::uint16_t port) const {
    return tcp_anywhere_.find(port);
}

std::span<const InetSocket* const> FactIndex::udp_sockets(const NetworkNamespace& network,
                                                          std::uint16_t port) const {
    return udp_.find({&network, port});
}

std::span<const UnixSocket* const> FactIndex::unix_sockets(std::uint64_t device,
                                                           std::uint64_t inode) const {
    return files_.find({device, inode});
}

std::span<const UnixSocket* const> FactIndex::unix_listeners(std::string_view path) const {
    return listening_names_.find(path);
}

const PathFacts* FactIndex::path(std::string_view mount_namespace, std::string_view path) const {
    const auto found = paths_.find({mount_namespace, path});
    return found.empty() ? nullptr : found.front();
}

const NameFacts* FactIndex::name(std::string_view perspective, std::string_view name) const {
    return found_in(names_, std::pair(perspective, name));
}

const Container* FactIndex::container_at(const SocketAddress& address) const {
    return found_in(addresses_, without_port(address));
}

const Container* FactIndex::container(std::string_view id) const {
    const auto found = containers_.lower_bound(id);
    return !id.empty() && found != containers_.end() && found->first.starts_with(id) ? found->second
                                                                                     : nullptr;
}

std::span<const DnsAnswer* const> FactIndex::dns_answers(std::string_view name) const {
    return all_in(dns_answers_, name);
}

std::span<const NameOfContainer> FactIndex::containers_named(std::string_view name) const {
    return all_in(container_names_, name);
}

std::span<const Container* const>
FactIndex::containers_in(std::string_view network_namespace) const {
    return all_in(containers_by_network_, network_namespace);
}

const Container* FactIndex::network_owner(const Container& container) const {
    constexpr int max_hops = 8;
    const Container* owner = &container;
    for (int hop = 0; owner != nullptr && hop < max_hops; ++hop) {
        const std::string_view lender = network_lender(*owner);
        if (lender.empty()) {
            return owner;
        }
        owner = this->container(lender);
    }
    return nullptr;
}

std::span<const PortOfContainer> FactIndex::published(std::uint16_t port, bool is_datagram) const {
    return all_in(published_, std::pair(port, is_datagram));
}

std::span<const PortOfContainer> FactIndex::exposed(std::uint16_t port, bool is_datagram) const {
    return all_in(exposed_, std::pair(port, is_datagram));
}

MeantListener FactIndex::meant_listener(std::string_view place) const {
    if (place.starts_with('/')) {
        return found_in(meant_listeners_, without_var(place));
    }
    if (const MeantListener exact = found_in(meant_listeners_, place);
        exact.unit != nullptr || exact.pool != nullptr) {
        return exact;
    }
    const std::size_t colon = place.rfind(':');
    return colon == std::string_view::npos ? MeantListener()
                                           : found_in(meant_listeners_, place.substr(colon + 1));
}

std::span<const FpmPool* const> FactIndex::pools_on(std::uint16_t port) const {
    return all_in(pools_, port);
}

const Unit* FactIndex::unit(std::string_view id) const {
    return found_in(units_, id);
}

const Account* FactIndex::account(std::uint32_t uid) const {
    return found_in(accounts_, uid);
}

const ConnectFacts* FactIndex::connect(std::string_view perspective,
                                       std::string_view target) const {
    return found_in(connects_, std::pair(perspective, target));
}

std::span<const ConnectFacts* const> FactIndex::exchanges(std::string_view perspective,
                                                          std::string_view target) const {
    const auto found = exchanges_.find({perspective, target});
    return found == exchanges_.end() ? std::span<const ConnectFacts* const>()
                                     : std::span<const ConnectFacts* const>(found->second);
}

} // namespace upstream_lint
