#include "rules/listener_answer.hpp"

#include "rules/backend.hpp"
#include "rules/causes.hpp"
#include "rules/connection_answer.hpp"
#include "rules/container_answer.hpp"
#include "rules/listener_match.hpp"
#include "rules/network_overlap.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

using Listeners = std::span<const InetSocket* const>;

constexpr std::uint16_t dns_port = 53;

std::string listener_text(const InetSocket& socket) {
    std::string text = "a listener";
    if (!socket.owner.command.empty()) {
        text += " of " + socket.owner.command;
    }
    if (!socket.owner.unit.empty()) {
        text += fmt::format(" ({})", socket.owner.unit);
    }
    text += " on " + socket_text(socket.address);
    if (socket.queue && socket.backlog) {
        text += fmt::format(", {} of {} waiting", *socket.queue, *socket.backlog);
    }
    return text;
}

bool all_on_loopback(Listeners sockets) {
    return std::ranges::all_of(
        sockets, [](const InetSocket* socket) { return is_loopback(socket->address); });
}

/// Docker's name server in containers: rules of the packet filter lead there from port 53.
bool is_docker_dns(const SocketAddress& address) {
    return address.port == dns_port && address_text(address) == "127.0.0.11";
}

class Search {
public:
    Search(const SocketAddress& address, bool is_datagram, const Perspective& perspective,
           const FactIndex& facts) :
        address_(contacted(address)),
        subject_(socket_text(address)), is_datagram_(is_datagram), perspective_(perspective),
        facts_(facts) {}

    ProbeAnswer answer() {
        ProbeAnswer answer = judged();
        answer.subject = subject_;
        if (answer.network == nullptr) {
            answer.network = perspective_.network;
        }
        return answer;
    }

private:
    ProbeAnswer judged() {
        if (perspective_.network == nullptr) {
            return unknown("the network namespace that nginx is in was not read");
        }
        const ConnectFacts* const connect = facts_.connect(perspective_.network->id, subject_);
        ProbeAnswer tables = by_tables();
        if (connect == nullptr || is_datagram_) {
            return tables;
        }
        return answer_connection(address_, *connect, std::move(tables), perspective_, facts_);
    }

    ProbeAnswer by_tables() {
        const NetworkNamespace& own = *perspective_.network;
        if (is_loopback(address_) || facts_.has_address(own, address_)) {
            return in_own(own);
        }
        if (const Container* const container = facts_.container_at(address_)) {
            return of_container(*container);
        }
        const NetworkNamespace* const host = facts_.host_network();
        if (perspective_.container != nullptr && host != nullptr && host != &own &&
            facts_.has_address(*host, address_)) {
            return in(*host, nullptr);
        }
        return of_elsewhere(own);
    }

    ProbeAnswer in_own(const NetworkNamespace& own) {
        if (address_.family == AddressFamily::inet6 && is_loopback(address_) &&
            own.ipv6_disabled.value_or(false)) {
            return violated(cause::ipv6_unusable,
                            fmt::format("{} cannot be reached: IPv6 is off on the loopback "
                                        "interface",
                                        subject_));
        }
        if (is_docker_dns(address_)) {
            return is_in_podman()
                       ? of_missing_docker_dns(own)
                       : unknown(fmt::format("{} is Docker's own name server, which no table of "
                                             "listeners shows",
                                             subject_));
        }
        return in(own, nullptr);
    }

    [[nodiscard]] bool is_in_podman() const {
        return perspective_.container != nullptr && is_of_podman(*perspective_.container);
    }

    /// Somebody may listen there all the same.
    ProbeAnswer of_missing_docker_dns(const NetworkNamespace& own) {
        ProbeAnswer answer = in(own, nullptr);
        if (answer.verdict == Verdict::violated) {
            answer.cause = cause::podman_rootless;
            answer.confidence = Confidence::likely;
            answer.reason = fmt::format(
                "{} is Docker's name server, and nginx's container is one of Podman", subject_);
        }
        return answer;
    }

    /// Not an address of anything that was read.
    ProbeAnswer of_elsewhere(const NetworkNamespace& own) {
        if (is_link_local(address_)) {
            return violated(cause::ipv6_unusable,
                            fmt::format("{} means nothing without an interface, which nginx cannot "
                                        "be told",
                                        subject_));
        }
        if (const EngineNetwork* const network = network_without_owner()) {
            return violated(cause::hardcoded_container_ip,
                            fmt::format("{} is in the network {}, where no container has that "
                                        "address",
                                        subject_, network->name));
        }
        if (!own.addresses_reading.is_complete()) {
            return unknown("the addresses of nginx's network namespace were not read");
        }
        if (address_.family == AddressFamily::inet6 && !has_ipv6(own)) {
            return violated(cause::ipv6_unusable,
                            fmt::format("{} cannot be reached: nginx's network namespace has no "
                                        "IPv6 address",
                                        subject_),
                            Confidence::likely);
        }
        ProbeAnswer answer = unknown(fmt::format("{} is no address of this host", subject_));
        answer.asks_for_connection = true;
        return answer;
    }

    static bool has_ipv6(const NetworkNamespace& network) {
        return std::ranges::any_of(network.addresses, [](const InterfaceAddress& own) {
            return own.address.family == AddressFamily::inet6 && !is_loopback(own.address) &&
                   !is_link_local(own.address);
        });
    }

    /// The engine's network that has the address, if nobody there can have it. Those of other
    /// kinds than bridges have other machines in them.
    [[nodiscard]] const EngineNetwork* network_without_owner() const {
        const NetworkNamespace* const host = facts_.host_network();
        if (!facts_.knows_all_containers() || host == nullptr ||
            !host->addresses_reading.is_complete() || facts_.has_address(*host, address_)) {
            return nullptr;
        }
        const auto& all = facts_.snapshot().containers.networks;
        const auto found = std::ranges::find_if(all, [&](const EngineNetwork& network) {
            return network.driver == "bridge" &&
                   std::ranges::any_of(network.subnets, [&](const Cidr& subnet) {
                       return is_in_network(address_, subnet);
                   });
        });
        const bool is_elsewhere_too =
            found != all.end() && find_overlap(*found, *host, address_) != nullptr;
        return found == all.end() || is_elsewhere_too ? nullptr : &*found;
    }

    ProbeAnswer of_container(const Container& container) {
        ProbeAnswer answer = in_container(container);
        set_container(answer, container);
        return answer;
    }

    /// Where a network is lost, the container that lost it is the one to repair.
    static void set_container(ProbeAnswer& answer, const Container& container) {
        if (answer.cause != cause::netns_owner_restarted) {
            answer.container = &container;
        }
    }

    ProbeAnswer in_container(const Container& container) {
        if (ProbeAnswer stopped = answer_of_state(container, subject_);
            stopped.verdict == Verdict::violated) {
            return stopped;
        }
        if (is_behind_rootless_network(container)) {
            return behind_rootless_network(container);
        }
        if (perspective_.container != nullptr) {
            const Reach reached = reach(*perspective_.container, container, address_, facts_);
            if (reached == Reach::no_shared_network) {
                return violated(cause::no_shared_network,
                                fmt::format("{} is of the container {}, which shares no network "
                                            "with nginx's container",
                                            subject_, name_of(container)));
            }
            if (reached == Reach::no_icc) {
                return violated(cause::inter_container_traffic_off,
                                fmt::format("{} is of the container {}, in a network that keeps "
                                            "its containers from each other",
                                            subject_, name_of(container)),
                                Confidence::likely);
            }
            if (reached == Reach::unknown) {
                return asking(fmt::format("whether nginx's container reaches {} is not known",
                                          name_of(container)));
            }
        }
        const NetworkNamespace* const network = facts_.network(container.network_namespace);
        return network == nullptr
                   ? asking(fmt::format("the listeners of {} were not read", name_of(container)))
                   : in(*network, &container);
    }

    /// Podman without root has its networks in a namespace of its own. nginx is in that of the
    /// host, which has no interface there, or in a container without such a network.
    [[nodiscard]] bool is_behind_rootless_network(const Container& container) const {
        if (!is_of_podman(container) || !container.is_rootless.value_or(false)) {
            return false;
        }
        const NetworkNamespace& own = *perspective_.network;
        if (&own == facts_.host_network()) {
            return own.addresses_reading.is_complete() &&
                   std::ranges::none_of(own.addresses, [&](const InterfaceAddress& each) {
                       return is_in_network(address_, {each.address, each.length});
                   });
        }
        const Container* const nginx = perspective_.container;
        return nginx != nullptr && is_of_podman(*nginx) && nginx->is_rootless.value_or(false) &&
               nginx != &container && has_user_mode_network(*nginx);
    }

    [[nodiscard]] ProbeAnswer behind_rootless_network(const Container& container) const {
        ProbeAnswer answer =
            violated(cause::podman_rootless,
                     fmt::format("{} is of the container {}, whose network only containers of the "
                                 "same user are in",
                                 subject_, name_of(container)),
                     Confidence::likely);
        answer.evidence.push_back({.fact = fmt::format("engine of {}", name_of(container)),
                                   .value = "podman, without root",
                                   .source = "/info"});
        if (perspective_.network != facts_.host_network()) {
            answer.evidence.push_back({.fact = "network of nginx's container",
                                       .value = perspective_.container->network_mode,
                                       .source = perspective_.container->engine});
            return answer;
        }
        std::string own;
        for (const InterfaceAddress& each : perspective_.network->addresses) {
            own += (own.empty() ? "" : ", ") + address_text(each.address);
        }
        answer.evidence.push_back({.fact = "addresses of nginx's network namespace",
                                   .value = own,
                                   .source = perspective_.network->addresses_reading.source});
        return answer;
    }

    static ProbeAnswer asking(std::string reason) {
        ProbeAnswer answer = unknown(std::move(reason));
        answer.asks_for_connection = true;
        return answer;
    }

    /// What listens in a namespace that has the address.
    ProbeAnswer in(const NetworkNamespace& network, const Container* inside) {
        const Listeners sockets = is_datagram_ ? facts_.udp_sockets(network, address_.port)
                                               : facts_.tcp_listeners(network, address_.port);
        ProbeAnswer answer = among(network, sockets, inside);
        answer.network = &network;
        return answer;
    }

    ProbeAnswer among(const NetworkNamespace& network, Listeners sockets, const Container* inside) {
        const Reading& reading = is_datagram_ ? network.udp_reading : network.tcp_reading;
        const InetSocket* maybe = nullptr;
        for (const InetSocket* const socket : sockets) {
            const Match matched = match(*socket, address_);
            if (matched == Match::yes) {
                return of_listener(*socket, network, reading);
            }
            maybe = matched == Match::unknown ? socket : maybe;
        }
        if (const auto published = find_published(network)) {
            return of_published(*published);
        }
        if (maybe != nullptr) {
            return unknown(fmt::format("whether the listener on {} takes IPv4 is not known",
                                       socket_text(maybe->address)));
        }
        if (!reading.is_complete()) {
            return asking(fmt::format("not all listeners were read: {}", reason_of(reading)));
        }
        ProbeAnswer answer = of_nobody(network, sockets, inside);
        answer.evidence.push_back(
            {.fact = fmt::format("{} of the network namespace {}",
                                 is_datagram_ ? "UDP sockets" : "TCP listeners", network.id),
             .value = nobody_text(sockets),
             .source = reading.source});
        return answer;
    }

    [[nodiscard]] std::string nobody_text(Listeners sockets) const {
        constexpr std::size_t max_shown = 5;
        std::string text = fmt::format("none on {}", subject_);
        for (const InetSocket* const socket : sockets.first(std::min(max_shown, sockets.size()))) {
            text += fmt::format("; one on {}", socket_text(socket->address));
        }
        return text;
    }

    ProbeAnswer of_listener(const InetSocket& socket, const NetworkNamespace& network,
                            const Reading& reading) {
        const auto published = find_published(network);
        const bool is_unknown_owner = socket.owner.command.empty() && socket.owner.unit.empty() &&
                                      socket.owner.container.empty();
        if (published && (is_port_proxy(socket.owner) ||
                          (is_unknown_owner && published->container->status == "running"))) {
            ProbeAnswer answer = of_published(*published);
            const bool is_of_proxy =
                answer.cause == cause::backend_binds_loopback && is_inner_proxy(socket.owner);
            return is_of_proxy ? unknown(fmt::format("{} takes the connections to {} from inside "
                                                     "of the container",
                                                     socket.owner.command, subject_))
                               : answer;
        }
        if (is_port_proxy(socket.owner)) {
            ProbeAnswer answer =
                unknown(fmt::format("{} takes the connections to {} for a container that is not "
                                    "known",
                                    socket.owner.command, subject_));
            answer.listener = &socket;
            return answer;
        }
        ProbeAnswer answer = is_unknown_owner && may_be_port_proxy(socket, network)
                                 ? unknown(fmt::format("whether {} is taken for a container is not "
                                                       "known: not all engines could be asked",
                                                       subject_))
                                 : by_owner(socket);
        answer.listener = &socket;
        answer.evidence.push_back({.fact = fmt::format("who listens on {}", subject_),
                                   .value = listener_text(socket),
                                   .source = reading.source});
        return answer;
    }

    /// Whether a listener of nobody known may be that of an engine which could not be asked: those
    /// that every user shares run as root.
    [[nodiscard]] bool may_be_port_proxy(const InetSocket& socket,
                                         const NetworkNamespace& network) const {
        const MeantListener meant = facts_.meant_listener(subject_);
        return socket.uid == 0 && &network == facts_.host_network() && meant.unit == nullptr &&
               meant.pool == nullptr && facts_.hides_containers();
    }

    ProbeAnswer by_owner(const InetSocket& socket) {
        ProbeAnswer answer = satisfied();
        const Container* const container = facts_.container(socket.owner.container);
        if (container != nullptr && container->status == "paused") {
            answer = answer_of_state(*container, subject_);
        } else if (socket.queue && socket.backlog && *socket.queue > *socket.backlog) {
            answer = violated(cause::tcp_accept_queue_full,
                              fmt::format("{} connections wait at {}, and {} may", *socket.queue,
                                          subject_, *socket.backlog));
        }
        answer.container = container;
        return answer;
    }

    /// A container's port that the engine passes on from the address.
    [[nodiscard]] std::optional<PortOfContainer>
    find_published(const NetworkNamespace& network) const {
        if (&network != facts_.host_network()) {
            return std::nullopt;
        }
        const auto all = facts_.published(address_.port, is_datagram_);
        const auto found =
            std::ranges::find_if(all, [&](const PortOfContainer& one) { return takes(*one.port); });
        return found == all.end() ? std::nullopt : std::optional(*found);
    }

    [[nodiscard]] bool takes(const ContainerPort& port) const {
        if (port.host_address.empty()) {
            return true;
        }
        const auto host = parse_address(port.host_address);
        return !host || (host->family == address_.family &&
                         (host->is_wildcard() || is_same_host(*host, address_)));
    }

    ProbeAnswer of_published(const PortOfContainer& published) {
        ProbeAnswer answer = behind_published(*published.container, *published.port);
        set_container(answer, *published.container);
        answer.port = published.port;
        return answer;
    }

    ProbeAnswer behind_published(const Container& container, const ContainerPort& port) {
        if (ProbeAnswer stopped = answer_of_state(container, subject_);
            stopped.verdict == Verdict::violated) {
            return stopped;
        }
        const NetworkNamespace* const network = facts_.network(container.network_namespace);
        if (network == nullptr || !network->tcp_reading.is_complete() || is_datagram_) {
            return unknown(fmt::format("{} is published by {}, whose listeners were not read",
                                       subject_, name_of(container)));
        }
        const Listeners sockets = facts_.tcp_listeners(*network, port.port);
        ProbeAnswer answer = behind_port(container, port, sockets);
        answer.network = network;
        answer.evidence.push_back(
            {.fact = fmt::format("TCP listeners of the container {}", name_of(container)),
             .value = sockets.empty() ? fmt::format("none on port {}", port.port)
                                      : socket_text((answer.listener != nullptr ? *answer.listener
                                                                                : *sockets.front())
                                                        .address),
             .source = network->tcp_reading.source});
        return answer;
    }

    ProbeAnswer behind_port(const Container& container, const ContainerPort& port,
                            Listeners sockets) {
        if (sockets.empty()) {
            if (ProbeAnswer lost = of_dependants(container, port.port);
                lost.verdict == Verdict::violated) {
                return lost;
            }
            return violated(cause::docker_proxy_accepts_dead_app,
                            fmt::format("{} is published by {}, in which nobody listens on port {}",
                                        subject_, name_of(container), port.port));
        }
        const auto found = std::ranges::find_if(
            sockets, [](const InetSocket* socket) { return !is_loopback(socket->address); });
        if (found == sockets.end()) {
            ProbeAnswer answer = violated(
                cause::backend_binds_loopback,
                fmt::format("{} is published by {}, whose program listens on {} alone", subject_,
                            name_of(container), socket_text(sockets.front()->address)));
            answer.listener = sockets.front();
            return answer;
        }
        ProbeAnswer answer = by_owner(**found);
        answer.listener = *found;
        return answer;
    }

    ProbeAnswer of_nobody(const NetworkNamespace& network, Listeners sockets,
                          const Container* inside) {
        if (inside != nullptr) {
            return of_silent_container(*inside, network, sockets);
        }
        if (perspective_.container != nullptr && &network == perspective_.network) {
            if (ProbeAnswer answer = of_own_container(network);
                answer.verdict == Verdict::violated) {
                return answer;
            }
        }
        if (ProbeAnswer answer = of_other_publication(network);
            answer.verdict == Verdict::violated) {
            return answer;
        }
        return sockets.empty() ? of_nobody_on_port(network) : of_other_address(network, sockets);
    }

    ProbeAnswer of_other_address(const NetworkNamespace& network, Listeners sockets) {
        const bool is_of_host = perspective_.container != nullptr &&
                                &network != perspective_.network && all_on_loopback(sockets);
        ProbeAnswer answer =
            is_of_host
                ? violated(cause::host_service_loopback_only,
                           fmt::format("{} is the host of nginx's container, where the program "
                                       "listens on {} alone",
                                       subject_, socket_text(sockets.front()->address)))
                : violated(cause::listener_on_other_address,
                           fmt::format("nobody listens on {}, but on {}", subject_,
                                       socket_text(sockets.front()->address)));
        answer.listener = sockets.front();
        return answer;
    }

    /// Nobody listens in the network namespace of nginx's container.
    ProbeAnswer of_own_container(const NetworkNamespace& network) {
        const Container& own = *perspective_.container;
        if (ProbeAnswer lost = of_lost_network(own); lost.verdict == Verdict::violated) {
            return lost;
        }
        const bool is_shared =
            own.network_mode == "host" || facts_.containers_in(network.id).size() > 1;
        if (!is_loopback(address_) || is_shared) {
            return unknown("");
        }
        const InetSocket* const listener = listener_elsewhere(network);
        const auto exposed = facts_.exposed(address_.port, is_datagram_);
        const auto published = facts_.published(address_.port, is_datagram_);
        if (listener == nullptr && exposed.empty() && published.empty()) {
            return unknown("");
        }
        ProbeAnswer answer = violated(
            cause::container_loopback_target,
            fmt::format("{} is nginx's own container, in which nobody listens there", subject_));
        answer.listener = listener;
        for (const PortOfContainer& one : exposed.empty() ? published : exposed) {
            std::string candidate =
                fmt::format("{}:{}", service_name(*one.container), one.port->port);
            if (one.container != &own &&
                std::ranges::find(answer.candidates, candidate) == answer.candidates.end()) {
                answer.candidates.push_back(std::move(candidate));
            }
        }
        return answer;
    }

    static std::string_view service_name(const Container& container) {
        return container.service.empty() ? name_of(container) : std::string_view(container.service);
    }

    /// Of the same port, in another namespace.
    [[nodiscard]] const InetSocket* listener_elsewhere(const NetworkNamespace& network) const {
        if (is_datagram_) {
            return nullptr;
        }
        const Listeners own = facts_.tcp_listeners(network, address_.port);
        for (const InetSocket* const socket : facts_.tcp_listeners_anywhere(address_.port)) {
            if (std::ranges::find(own, socket) == own.end()) {
                return socket;
            }
        }
        return nullptr;
    }

    /// A container that has this one's network, and lost it.
    ProbeAnswer of_lost_network(const Container& container) {
        const LostNetwork lost = lost_network(container, facts_);
        if (!lost.is_lost) {
            return unknown("");
        }
        ProbeAnswer answer = violated(
            cause::netns_owner_restarted,
            fmt::format("nobody listens on {}: {} has the network of {} before that was started "
                        "anew",
                        subject_, name_of(container),
                        lost.owner == nullptr ? "a container that is gone" : name_of(*lost.owner)));
        answer.container = &container;
        answer.culprit = container.id;
        return answer;
    }

    ProbeAnswer of_silent_container(const Container& container, const NetworkNamespace& network,
                                    Listeners sockets) {
        const std::string_view name = name_of(container);
        if (!sockets.empty()) {
            ProbeAnswer answer =
                violated(all_on_loopback(sockets) ? cause::backend_binds_loopback
                                                  : cause::listener_on_other_address,
                         fmt::format("{} is of the container {}, whose program listens on {} alone",
                                     subject_, name, socket_text(sockets.front()->address)));
            answer.listener = sockets.front();
            return answer;
        }
        const auto is_asked = [&](const ContainerPort& port) {
            return port.host_port == address_.port && port.port != address_.port;
        };
        if (const auto port = std::ranges::find_if(container.ports, is_asked);
            port != container.ports.end()) {
            ProbeAnswer answer =
                violated(cause::published_port_inside,
                         fmt::format("{} is the port that {} publishes on the host; in its "
                                     "networks it is {}",
                                     subject_, name, port->port));
            answer.port = &*port;
            return answer;
        }
        if (ProbeAnswer lost = of_dependants(container, address_.port);
            lost.verdict == Verdict::violated) {
            return lost;
        }
        if (const InetSocket* const other = only_listener(network)) {
            ProbeAnswer answer =
                violated(cause::wrong_port,
                         fmt::format("nobody listens on {}; the container {} listens on port {}",
                                     subject_, name, other->address.port));
            answer.listener = other;
            return answer;
        }
        return violated(cause::no_listener,
                        fmt::format("nobody listens on {}, in the container {}", subject_, name));
    }

    /// Where the program is in a container that was given this one's network, and lost it.
    ProbeAnswer of_dependants(const Container& owner, std::uint16_t port) {
        for (const InetSocket* const socket : facts_.tcp_listeners_anywhere(port)) {
            const Container* const container = facts_.container(socket->owner.container);
            if (container != nullptr && container != &owner &&
                lost_network(*container, facts_).owner == &owner) {
                return of_lost_network(*container);
            }
        }
        return unknown("");
    }

    /// The one port that others can reach, if there are few listeners.
    static const InetSocket* only_listener(const NetworkNamespace& network) {
        constexpr std::size_t max_listeners = 8;
        if (network.tcp_listeners.size() > max_listeners) {
            return nullptr;
        }
        const InetSocket* only = nullptr;
        for (const InetSocket& socket : network.tcp_listeners) {
            if (is_loopback(socket.address)) {
                continue;
            }
            if (only != nullptr && only->address.port != socket.address.port) {
                return nullptr;
            }
            only = &socket;
        }
        return only;
    }

    /// A container's port that is published nearly where nginx looks for it.
    ProbeAnswer of_other_publication(const NetworkNamespace& network) {
        if (&network != facts_.host_network()) {
            return unknown("");
        }
        for (const PortOfContainer& one : facts_.published(address_.port, is_datagram_)) {
            if (one.container->status == "running") {
                ProbeAnswer answer = violated(
                    cause::published_on_other_address,
                    fmt::format("{} publishes port {} on {}, not on {}", name_of(*one.container),
                                address_.port, one.port->host_address, address_text(address_)));
                answer.container = one.container;
                answer.port = one.port;
                return answer;
            }
        }
        return unknown("");
    }

    ProbeAnswer of_nobody_on_port(const NetworkNamespace& network) {
        const MeantListener meant = facts_.meant_listener(subject_);
        if (meant.unit == nullptr && meant.pool == nullptr) {
            if (ProbeAnswer answer = of_hidden_port(network); answer.verdict == Verdict::violated) {
                return answer;
            }
            if (ProbeAnswer answer = of_other_pool(network); answer.verdict == Verdict::violated) {
                return answer;
            }
        }
        return violated(cause::no_listener, fmt::format("nobody listens on {}", subject_));
    }

    /// A port that one container has, and the host does not.
    ProbeAnswer of_hidden_port(const NetworkNamespace& network) {
        const auto exposed = facts_.exposed(address_.port, is_datagram_);
        if (&network != facts_.host_network() || exposed.empty() ||
            std::ranges::any_of(exposed, [&](const PortOfContainer& one) {
                return one.container != exposed.front().container;
            })) {
            return unknown("");
        }
        const auto& [container, port] = exposed.front();
        ProbeAnswer answer = violated(
            cause::port_not_published,
            port->host_port
                ? fmt::format("nobody listens on {}: {} publishes its port {} as {}", subject_,
                              name_of(*container), port->port, *port->host_port)
                : fmt::format("nobody listens on {}: {} has port {}, but does not publish it",
                              subject_, name_of(*container), port->port));
        answer.container = container;
        answer.port = port;
        return answer;
    }

    /// Where PHP-FPM does listen, if a configuration looks for it at another of its usual ports.
    ProbeAnswer of_other_pool(const NetworkNamespace& network) {
        constexpr std::uint16_t first_port = 9000;
        constexpr std::uint16_t last_port = 9099;
        if (is_datagram_ || address_.port < first_port || address_.port > last_port) {
            return unknown("");
        }
        for (std::uint16_t port = first_port; port <= last_port; ++port) {
            const auto pools = facts_.pools_on(port);
            const Listeners sockets = facts_.tcp_listeners(network, port);
            if (!pools.empty() && !sockets.empty()) {
                ProbeAnswer answer =
                    violated(cause::wrong_port,
                             fmt::format("nobody listens on {}; the pool {} of PHP-FPM listens on "
                                         "{}",
                                         subject_, pools.front()->name,
                                         socket_text(sockets.front()->address)));
                answer.listener = sockets.front();
                return answer;
            }
        }
        return unknown("");
    }

    SocketAddress address_;
    std::string subject_;
    bool is_datagram_;
    const Perspective& perspective_;
    const FactIndex& facts_;
};

} // namespace

ProbeAnswer answer_listener(const SocketAddress& address, bool is_datagram,
                            const Perspective& perspective, const FactIndex& facts) {
    return Search(address, is_datagram, perspective, facts).answer();
}

} // namespace upstream_lint
