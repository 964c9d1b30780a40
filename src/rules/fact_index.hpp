#pragma once

#include "rules/sorted_index.hpp"
#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace upstream_lint {

/// A port of a container.
struct PortOfContainer {
    const Container* container = nullptr;
    const ContainerPort* port = nullptr;
};

/// A name of a container, and where it has it.
struct NameOfContainer {
    const Container* container = nullptr;
    const ContainerNetwork* network = nullptr;
};

/// What is meant to listen at a place. Both null: nothing says so.
struct MeantListener {
    const SocketUnit* unit = nullptr;
    const FpmPool* pool = nullptr;
};

/// A pool of PHP-FPM with the unix socket that it listens at.
struct ListeningPool {
    const FpmPool* pool = nullptr;
    const UnixSocket* socket = nullptr;
};

/// The id of the container whose network a container has; empty: it has one of its own.
[[nodiscard]] std::string_view network_lender(const Container& container);

/// Finds the facts of a snapshot by what they are about. Cost: one pass to make it; each search is
/// one step, and one for each thing found. Views the snapshot, which has to outlive it.
class FactIndex {
public:
    explicit FactIndex(const Snapshot& snapshot);

    [[nodiscard]] const Snapshot& snapshot() const noexcept { return *snapshot_; }

    /// Null: nothing is known of it.
    [[nodiscard]] const NetworkNamespace* network(std::string_view id) const;

    /// Whether an interface of the namespace has the address, ports left aside.
    [[nodiscard]] bool has_address(const NetworkNamespace& network,
                                   const SocketAddress& address) const;

    /// The namespace in which the engines of containers publish ports: that of the host. Null: it
    /// was not read, or the facts are those of a container.
    [[nodiscard]] const NetworkNamespace* host_network() const noexcept { return host_network_; }

    /// Those with a port, whatever their address.
    [[nodiscard]] std::span<const InetSocket* const> tcp_listeners(const NetworkNamespace& network,
                                                                   std::uint16_t port) const;
    [[nodiscard]] std::span<const InetSocket* const> udp_sockets(const NetworkNamespace& network,
                                                                 std::uint16_t port) const;

    /// TCP listeners with a port, in all namespaces that were read.
    [[nodiscard]] std::span<const InetSocket* const>
    tcp_listeners_anywhere(std::uint16_t port) const;

    /// Those that are bound to a file, whatever it is called, in all namespaces that were read.
    [[nodiscard]] std::span<const UnixSocket* const> unix_sockets(std::uint64_t device,
                                                                  std::uint64_t inode) const;

    /// Those that listen and were bound with that name, in all namespaces that were read.
    [[nodiscard]] std::span<const UnixSocket* const> unix_listeners(std::string_view path) const;

    /// Whether the unix sockets of the whole host were read, with the files they are bound to.
    [[nodiscard]] bool knows_all_unix_sockets() const noexcept { return knows_all_unix_sockets_; }

    [[nodiscard]] const PathFacts* path(std::string_view mount_namespace,
                                        std::string_view path) const;

    [[nodiscard]] const NameFacts* name(std::string_view perspective, std::string_view name) const;

    [[nodiscard]] std::span<const DnsAnswer* const> dns_answers(std::string_view name) const;

    /// Whose address it is, ports left aside; one that runs before others. Null: no container's
    /// that is known.
    [[nodiscard]] const Container* container_at(const SocketAddress& address) const;

    /// By its id or the beginning of that.
    [[nodiscard]] const Container* container(std::string_view id) const;

    /// Those with a name in one of their networks, or of their own; `name` in lower case.
    [[nodiscard]] std::span<const NameOfContainer> containers_named(std::string_view name) const;

    /// Those that live in a network namespace.
    [[nodiscard]] std::span<const Container* const>
    containers_in(std::string_view network_namespace) const;

    /// The container whose networks another has: that of `network_mode: container:ID`, else itself.
    /// Null: it is gone, or not known.
    [[nodiscard]] const Container* network_owner(const Container& container) const;

    /// What the engines pass on from a port of the host, of containers that run before others.
    [[nodiscard]] std::span<const PortOfContainer> published(std::uint16_t port,
                                                             bool is_datagram) const;

    /// The containers that run and have a port, published or not.
    [[nodiscard]] std::span<const PortOfContainer> exposed(std::uint16_t port,
                                                           bool is_datagram) const;

    /// Whether all containers of the host are known: no engine hides them.
    [[nodiscard]] bool knows_all_containers() const noexcept { return knows_all_containers_; }

    /// Whether an engine is there and could not be asked for all it has.
    [[nodiscard]] bool hides_containers() const noexcept { return hides_containers_; }

    /// Of a path, `127.0.0.1:9000`, or a name with a port.
    [[nodiscard]] MeantListener meant_listener(std::string_view place) const;

    /// Pools that listen on a TCP port, by their files.
    [[nodiscard]] std::span<const FpmPool* const> pools_on(std::uint16_t port) const;

    /// Pools whose unix sockets listen.
    [[nodiscard]] std::span<const ListeningPool> listening_pools() const noexcept {
        return listening_pools_;
    }

    /// Null: nothing is known of it.
    [[nodiscard]] const Unit* unit(std::string_view id) const;

    /// Of a process's user; null: none is known.
    [[nodiscard]] const Account* account(std::uint32_t uid) const;

    /// A connection that was tried.
    [[nodiscard]] const ConnectFacts* connect(std::string_view perspective,
                                              std::string_view target) const;

    /// What was said on connections to a target, in the order of the facts.
    [[nodiscard]] std::span<const ConnectFacts* const> exchanges(std::string_view perspective,
                                                                 std::string_view target) const;

private:
    using ByPort =
        SortedIndex<std::pair<const NetworkNamespace*, std::uint16_t>, const InetSocket*>;

    using Ports = std::map<std::pair<std::uint16_t, bool>, std::vector<PortOfContainer>>;

    void add_networks();
    void add_containers();
    void add_ports(const Container& container);
    [[nodiscard]] bool is_in_container_network() const;
    void add_services();
    void add_pool(const FpmPool& pool);

    const Snapshot* snapshot_;
    std::map<std::string_view, const NetworkNamespace*> networks_;
    const NetworkNamespace* host_network_ = nullptr;
    std::set<std::pair<const NetworkNamespace*, SocketAddress>> addresses_of_networks_;
    ByPort tcp_;
    ByPort udp_;
    SortedIndex<std::uint16_t, const InetSocket*> tcp_anywhere_;
    SortedIndex<std::pair<std::uint64_t, std::uint64_t>, const UnixSocket*> files_;
    SortedIndex<std::string_view, const UnixSocket*> listening_names_;
    bool knows_all_unix_sockets_ = false;
    SortedIndex<std::pair<std::string_view, std::string_view>, const PathFacts*> paths_;
    std::map<std::pair<std::string_view, std::string_view>, const NameFacts*> names_;
    std::map<std::string_view, std::vector<const DnsAnswer*>> dns_answers_;
    std::map<std::pair<std::string_view, std::string_view>, const ConnectFacts*> connects_;
    std::map<std::pair<std::string_view, std::string_view>, std::vector<const ConnectFacts*>>
        exchanges_;
    std::map<SocketAddress, const Container*> addresses_;
    std::map<std::string_view, const Container*> containers_;
    std::map<std::string, std::vector<NameOfContainer>, std::less<>> container_names_;
    std::map<std::string_view, std::vector<const Container*>> containers_by_network_;
    Ports published_;
    Ports exposed_;
    bool knows_all_containers_ = false;
    bool hides_containers_ = false;
    std::map<std::string, MeantListener, std::less<>> meant_listeners_;
    std::map<std::uint16_t, std::vector<const FpmPool*>> pools_;
    std::vector<ListeningPool> listening_pools_;
    std::map<std::string_view, const Unit*> units_;
    std::map<std::uint32_t, const Account*> accounts_;
};

} // namespace upstream_lint
