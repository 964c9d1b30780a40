#pragma once

#include "host/bounded.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/facts.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What a provider works with. Its own: a provider that is late outlives its caller.
struct ProviderInput {
    CollectOptions options;
    std::vector<Probe> probes;
    std::vector<std::string> folders;
    std::vector<ExchangeProbe> exchanges; ///< of the probes; none unless requests may be sent
    std::vector<std::string> users;
    std::vector<std::string> files;
    Snapshot known;          ///< what the phases before have found
    Clock::time_point end{}; ///< a provider that can say a part ends by itself by then
};

/// One source of facts.
struct Provider {
    std::string_view name;
    int phase = 1; ///< those of a phase run at the same time and know what the phases before found
    bool is_built = true;
    /// The facts that it adds. Of a namespace, an instance and a unit that is known already all
    /// is said anew.
    Snapshot (*collect)(const ProviderInput& input) = nullptr;
    /// What is said instead of them when they did not come: each of them has this reading.
    Snapshot (*excuse)(const ProviderInput& input, const Reading& reading) = nullptr;
};

/// Runs the providers in phases, each in a thread of its own, and merges what they say in the
/// order of the list. One that is later than the deadline, or throws, is excused.
[[nodiscard]] Snapshot run_providers(std::span<const Provider> providers,
                                     const ProviderInput& asked);

/// A point of view: nginx's, or this process's where no nginx runs.
struct Viewpoint {
    std::string network_namespace;
    std::string network_link; ///< /proc/812/ns/net; empty: this process's own
    std::string mount_namespace;
    std::string root; ///< /proc/812/root; empty: `/`

    friend bool operator==(const Viewpoint&, const Viewpoint&) = default;
};

/// Each one once, by process ids: that of the instance that was chosen, else those of the instances
/// that see this process's files, and its own. Never empty.
[[nodiscard]] std::vector<Viewpoint> viewpoints(const ProviderInput& input);

/// The paths of sockets, then of folders, each once.
[[nodiscard]] std::vector<std::string> asked_paths(const ProviderInput& input);

/// The names that nginx looks up when it loads, each once.
[[nodiscard]] std::vector<std::string> probed_names(const ProviderInput& input);

[[nodiscard]] Snapshot collect_machine(const ProviderInput& input);
[[nodiscard]] Snapshot collect_instances(const ProviderInput& input);
[[nodiscard]] Snapshot collect_engines(const ProviderInput& input);
[[nodiscard]] Snapshot collect_units(const ProviderInput& input);
[[nodiscard]] Snapshot collect_pools(const ProviderInput& input);
[[nodiscard]] Snapshot collect_sockets(const ProviderInput& input);
[[nodiscard]] Snapshot collect_paths(const ProviderInput& input);
[[nodiscard]] Snapshot collect_dns_files(const ProviderInput& input);
[[nodiscard]] Snapshot collect_names(const ProviderInput& input);
[[nodiscard]] Snapshot collect_accounts(const ProviderInput& input);
[[nodiscard]] Snapshot collect_owners(const ProviderInput& input);
[[nodiscard]] Snapshot collect_owning_units(const ProviderInput& input);
[[nodiscard]] Snapshot collect_resolver_answers(const ProviderInput& input);
[[nodiscard]] Snapshot collect_connects(const ProviderInput& input);

} // namespace upstream_lint
