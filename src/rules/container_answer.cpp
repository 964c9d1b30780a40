#include "rules/container_answer.hpp"

#include "rules/backend.hpp"
#include "rules/causes.hpp"
#include "rules/listener_match.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

bool is_docker(const Container& container) {
    return container.engine.empty() || container.engine == "docker";
}

/// Null: the engine did not tell of it.
const EngineNetwork* engine_network(const ContainerNetwork& network, const FactIndex& facts) {
    const auto& all = facts.snapshot().containers.networks;
    const auto found = std::ranges::find(all, network.id, &EngineNetwork::id);
    return found == all.end() ? nullptr : &*found;
}

bool is_bridge(const ContainerNetwork& network, const FactIndex& facts) {
    const EngineNetwork* const known = engine_network(network, facts);
    return known != nullptr && known->driver == "bridge";
}

bool allows_icc(const ContainerNetwork& network, const FactIndex& facts) {
    const EngineNetwork* const known = engine_network(network, facts);
    return known == nullptr || known->allows_icc;
}

bool has_address(const ContainerNetwork& network, const SocketAddress& address) {
    return (network.ipv4 && is_same_host(*network.ipv4, address)) ||
           (network.ipv6 && is_same_host(*network.ipv6, address));
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> beginnings) {
    return std::ranges::any_of(beginnings,
                               [&](std::string_view begin) { return text.starts_with(begin); });
}

} // namespace

ProbeAnswer answer_of_state(const Container& container, std::string_view subject) {
    const std::string_view name = name_of(container);
    ProbeAnswer answer = satisfied();
    if (container.status == "paused") {
        answer = violated(cause::container_paused,
                          fmt::format("{} is of the container {}, which is paused", subject, name));
    } else if (!container.status.empty() && container.status != "running") {
        const bool is_killed = container.oom_killed.value_or(false);
        answer = violated(
            is_killed ? cause::container_oom : cause::container_not_running,
            fmt::format("{} is of the container {}, which is not running: {}", subject, name,
                        is_killed ? "it was killed for want of memory" : container.status));
    }
    if (answer.verdict == Verdict::violated) {
        answer.container = &container;
        answer.culprit = container.id;
        answer.evidence.push_back({.fact = fmt::format("state of the container {}", name),
                                   .value = container.status,
                                   .source = container.engine});
    }
    return answer;
}

Reach reach(const Container& from, const Container& to, const SocketAddress& address,
            const FactIndex& facts) {
    const Container* const from_owner = facts.network_owner(from);
    const Container* const to_owner = facts.network_owner(to);
    if (from_owner == nullptr || to_owner == nullptr) {
        return Reach::unknown;
    }
    if (from_owner->network_mode == "host" || to_owner->network_mode == "host") {
        return Reach::yes;
    }
    if (from_owner == to_owner) {
        return Reach::yes;
    }
    const auto& own = from_owner->networks;
    const auto& others = to_owner->networks;
    const auto target = std::ranges::find_if(
        others, [&](const ContainerNetwork& network) { return has_address(network, address); });
    if (target == others.end()) {
        return Reach::unknown;
    }
    if (!target->id.empty() &&
        std::ranges::find(own, target->id, &ContainerNetwork::id) != own.end()) {
        return allows_icc(*target, facts) ? Reach::yes : Reach::no_icc;
    }
    const bool is_kept_apart = is_docker(from) && is_docker(to) && !own.empty() &&
                               is_bridge(*target, facts) &&
                               std::ranges::all_of(own, [&](const ContainerNetwork& network) {
                                   return is_bridge(network, facts);
                               });
    return is_kept_apart ? Reach::no_shared_network : Reach::unknown;
}

LostNetwork lost_network(const Container& container, const FactIndex& facts) {
    const std::string_view lender = network_lender(container);
    if (lender.empty() || container.status != "running") {
        return {};
    }
    const Container* const owner = facts.container(lender);
    if (owner == nullptr) {
        return {.is_lost = is_docker(container) && facts.knows_all_containers()};
    }
    const bool is_other = !container.network_namespace.empty() &&
                          !owner->network_namespace.empty() &&
                          container.network_namespace != owner->network_namespace;
    return {.is_lost = is_other && owner->status == "running", .owner = owner};
}

bool is_port_proxy(const SocketOwner& owner) {
    constexpr std::array<std::string_view, 7> names = {
        "docker-proxy", "dockerd", "conmon", "rootlessport", "pasta", "passt", "slirp4netns"};
    return starts_with_any(owner.command, names);
}

bool is_inner_proxy(const SocketOwner& owner) {
    constexpr std::array<std::string_view, 4> names = {"rootlessport", "pasta", "passt",
                                                       "slirp4netns"};
    return starts_with_any(owner.command, names);
}

bool is_of_podman(const Container& container) {
    return container.engine == "podman";
}

bool has_user_mode_network(const Container& container) {
    constexpr std::array<std::string_view, 2> modes = {"slirp4netns", "pasta"};
    return starts_with_any(container.network_mode, modes);
}

} // namespace upstream_lint
