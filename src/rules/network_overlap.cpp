#include "rules/network_overlap.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

bool is_bridge_of_engine(std::string_view interface) {
    constexpr std::array<std::string_view, 5> names = {"docker", "br-", "podman", "cni-", "veth"};
    return std::ranges::any_of(names,
                               [&](std::string_view name) { return interface.starts_with(name); });
}

} // namespace

const InterfaceAddress* find_overlap(const EngineNetwork& network, const NetworkNamespace& host,
                                     const SocketAddress& address) {
    const auto has_address = [&](const Cidr& subnet) { return is_in_network(address, subnet); };
    if (network.driver != "bridge" || std::ranges::none_of(network.subnets, has_address)) {
        return nullptr;
    }
    for (const InterfaceAddress& own : host.addresses) {
        const auto around = parse_cidr(fmt::format("{}/{}", address_text(own.address), own.length));
        // a bridge may have any name: that of the network itself has its very subnet
        const bool is_its_own = is_bridge_of_engine(own.interface) ||
                                std::ranges::any_of(network.subnets, [&](const Cidr& subnet) {
                                    return around && subnet.address == around->address &&
                                           subnet.length == around->length;
                                });
        if (around && !is_its_own && has_address(*around)) {
            return &own;
        }
    }
    return nullptr;
}

} // namespace upstream_lint
