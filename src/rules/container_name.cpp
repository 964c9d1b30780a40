#include "rules/container_name.hpp"

#include "config/ascii.hpp"
#include "config/suggestion.hpp"
#include "rules/backend.hpp"
#include "rules/causes.hpp"
#include "rules/container_answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

/// The engines' first network, in which no names are given.
bool is_default_bridge(const ContainerNetwork& network) {
    return network.name == "bridge" || network.name == "podman";
}

bool is_running(const Container& container) {
    return container.status == "running";
}

class Search {
public:
    Search(std::string_view name, const Perspective& perspective, const FactIndex& facts) :
        name_(lower(name)), perspective_(perspective), facts_(facts),
        nginx_(perspective.container == nullptr ? nullptr
                                                : facts.network_owner(*perspective.container)) {}

    [[nodiscard]] std::vector<SocketAddress> addresses() const {
        std::vector<SocketAddress> found;
        for (const auto& [container, network] : facts_.containers_named(name_)) {
            if (nginx_ != nullptr && network != nullptr && is_running(*container) &&
                network->ipv4 && is_shared(*network)) {
                found.push_back(*network->ipv4);
            }
        }
        return found;
    }

    [[nodiscard]] ProbeAnswer answer() const {
        if (perspective_.container != nullptr && nginx_ == nullptr) {
            return unknown("");
        }
        const Container* const container = only_container();
        if (container == nullptr) {
            return of_misspelt();
        }
        ProbeAnswer answer =
            is_running(*container) ? of_running(*container) : of_stopped(*container);
        answer.container = container;
        return answer;
    }

private:
    [[nodiscard]] bool is_shared(const ContainerNetwork& network) const {
        return std::ranges::find(nginx_->networks, network.id, &ContainerNetwork::id) !=
               nginx_->networks.end();
    }

    [[nodiscard]] bool shares_network(const Container& other) const {
        return std::ranges::any_of(
            other.networks, [&](const ContainerNetwork& network) { return is_shared(network); });
    }

    /// The one that has the name; null: none, or several.
    [[nodiscard]] const Container* only_container() const {
        const Container* only = nullptr;
        for (const auto& [container, network] : facts_.containers_named(name_)) {
            if (only != nullptr && only != container) {
                return nullptr;
            }
            only = container;
        }
        return only;
    }

    [[nodiscard]] ProbeAnswer of_stopped(const Container& container) const {
        const bool is_meant =
            nginx_ != nullptr &&
            (shares_network(container) ||
             (!container.project.empty() && container.project == perspective_.container->project));
        return is_meant ? answer_of_state(container, name_) : unknown("");
    }

    [[nodiscard]] ProbeAnswer of_running(const Container& container) const {
        const std::string_view other = name_of(container);
        if (nginx_ == nullptr || nginx_->network_mode == "host" ||
            container.network_mode == "host") {
            return violated(cause::network_mode_host_breaks_names,
                            fmt::format("nobody knows the name {} here: it is of the container {}, "
                                        "and {} has the network of the host",
                                        name_, other,
                                        container.network_mode == "host" ? "that" : "nginx"));
        }
        if (shares_network(container)) {
            return std::ranges::all_of(nginx_->networks, is_default_bridge)
                       ? violated(cause::default_bridge_no_dns,
                                  fmt::format("nobody knows the name {}: it is of the container "
                                              "{}, and the network {} has no names",
                                              name_, other, nginx_->networks.front().name))
                       : unknown("");
        }
        if (nginx_->networks.empty() || container.networks.empty()) {
            return unknown("");
        }
        return violated(cause::no_shared_network,
                        fmt::format("nobody knows the name {}: it is of the container {}, which "
                                    "shares no network with nginx's container",
                                    name_, other));
    }

    /// No container has the name, and one that is near has nearly that.
    [[nodiscard]] ProbeAnswer of_misspelt() const {
        constexpr std::size_t max_names = 200;
        if (nginx_ == nullptr || name_.find('.') != std::string::npos ||
            !facts_.knows_all_containers() || !facts_.containers_named(name_).empty()) {
            return unknown("");
        }
        std::vector<std::string_view> known;
        for (const Container& container : facts_.snapshot().containers.items) {
            for (const ContainerNetwork& network : container.networks) {
                if (known.size() < max_names && is_shared(network) &&
                    &container != perspective_.container) {
                    known.insert(known.end(), network.dns_names.begin(), network.dns_names.end());
                }
            }
        }
        std::ranges::sort(known);
        known.erase(std::unique(known.begin(), known.end()), known.end());
        const std::vector<std::string_view> similar = similar_words(name_, known);
        if (similar.empty()) {
            return unknown("");
        }
        ProbeAnswer answer =
            violated(cause::service_name_mismatch,
                     fmt::format("no container in nginx's networks is called {}", name_));
        answer.candidates.assign(similar.begin(), similar.end());
        return answer;
    }

    std::string name_;
    const Perspective& perspective_;
    const FactIndex& facts_;
    const Container* nginx_; // whose networks are nginx's
};

} // namespace

std::vector<SocketAddress>
addresses_by_engine(std::string_view name, const Perspective& perspective, const FactIndex& facts) {
    return Search(name, perspective, facts).addresses();
}

ProbeAnswer answer_of_container_name(std::string_view name, const Perspective& perspective,
                                     const FactIndex& facts) {
    return Search(name, perspective, facts).answer();
}

} // namespace upstream_lint
