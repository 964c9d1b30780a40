#include "upstream_lint/collect.hpp"

#include "host/namespace_id.hpp"
#include "host/provider.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>
#include <unordered_set>
#include <utility>

namespace upstream_lint {

namespace {

Snapshot excuse_machine(const ProviderInput& /*input*/, const Reading& /*reading*/) {
    return {};
}

Snapshot excuse_instances(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.nginx_reading = reading;
    return facts;
}

Snapshot excuse_engines(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.containers.engines.push_back({"docker", "", "", reading});
    facts.containers.engines.push_back({"podman", "", "", reading});
    return facts;
}

Snapshot excuse_units(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.systemd.reading = reading;
    return facts;
}

// The units that are known already stay.
Snapshot excuse_owning_units(const ProviderInput& input, const Reading& reading) {
    Snapshot facts;
    facts.systemd.reading = input.known.systemd.reading;
    if (facts.systemd.reading.is_complete())
        facts.systemd.reading = {ReadStatus::partial, reading.source, reading.reason};
    return facts;
}

Snapshot excuse_pools(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.fpm.reading = reading;
    return facts;
}

Snapshot excuse_sockets(const ProviderInput& input, const Reading& reading) {
    Snapshot facts;
    facts.namespaces_reading = reading;
    for (const Viewpoint& view : viewpoints(input)) {
        NetworkNamespace& space = facts.network_namespaces.emplace_back();
        space.id = view.network_namespace;
        space.addresses_reading = reading;
        space.tcp_reading = reading;
        space.udp_reading = reading;
        space.unix_reading = reading;
    }
    return facts;
}

Snapshot excuse_paths(const ProviderInput& input, const Reading& reading) {
    Snapshot facts;
    for (const Viewpoint& view : viewpoints(input))
        for (std::string& name : asked_paths(input)) {
            PathFacts& path = facts.paths.emplace_back();
            path.mount_namespace = view.mount_namespace;
            path.path = std::move(name);
            path.reading = reading;
        }
    return facts;
}

Snapshot excuse_dns_files(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.dns.hosts_reading = reading;
    facts.dns.resolv_conf_reading = reading;
    return facts;
}

Snapshot excuse_names(const ProviderInput& input, const Reading& reading) {
    Snapshot facts;
    for (const std::string& asked : probed_names(input)) {
        NameFacts& name = facts.dns.names.emplace_back();
        name.name = asked;
        name.reading = reading;
    }
    return facts;
}

Snapshot excuse_accounts(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.accounts_reading = reading;
    return facts;
}

Snapshot excuse_owners(const ProviderInput& /*input*/, const Reading& reading) {
    Snapshot facts;
    facts.owners_reading = reading;
    return facts;
}

Snapshot excuse_answers(const ProviderInput& input, const Reading& reading) {
    Snapshot facts;
    if (input.options.mode != CollectOptions::ProbeMode::full)
        return facts;
    for (const Probe& probe : input.probes)
        for (const std::string& resolver : probe.resolvers) {
            DnsAnswer& answer = facts.dns.answers.emplace_back();
            answer.resolver = resolver;
            answer.name = probe.subject;
            answer.type = probe.service.empty() ? "A" : "SRV";
            answer.reading = reading;
        }
    return facts;
}

Snapshot excuse_connects(const ProviderInput& /*input*/, const Reading& /*reading*/) {
    return {};
}

constexpr bool has_systemd = UPSTREAM_LINT_HAS_SYSTEMD;
constexpr bool has_curl = UPSTREAM_LINT_HAS_CURL;
constexpr bool has_cares = UPSTREAM_LINT_HAS_CARES;
constexpr bool has_openssl = UPSTREAM_LINT_HAS_OPENSSL;

constexpr std::array providers = {
    Provider{"machine", 1, true, collect_machine, excuse_machine},
    Provider{"nginx", 1, true, collect_instances, excuse_instances},
    Provider{"containers", 1, has_curl, collect_engines, excuse_engines},
    // where nginx runs says whose services, pools and accounts are meant
    Provider{"systemd", 2, has_systemd, collect_units, excuse_units},
    Provider{"php-fpm", 2, true, collect_pools, excuse_pools},
    Provider{"sockets", 2, true, collect_sockets, excuse_sockets},
    Provider{"paths", 2, true, collect_paths, excuse_paths},
    Provider{"dns", 2, true, collect_dns_files, excuse_dns_files},
    Provider{"names", 2, true, collect_names, excuse_names},
    Provider{"accounts", 3, true, collect_accounts, excuse_accounts},
    Provider{"owners", 3, true, collect_owners, excuse_owners},
    // the resolver's answers are connected to
    Provider{"resolvers", 3, has_cares, collect_resolver_answers, excuse_answers},
    Provider{"units", 4, has_systemd, collect_owning_units, excuse_owning_units},
    Provider{"connects", 4, true, collect_connects, excuse_connects},
};

// Comes with `systemd`.
constexpr std::string_view second_of_systemd = "units";

// What is this process's own needs no way through /proc.
Viewpoint view_of(const NginxInstance& instance, const Viewpoint& own, const std::string& proc) {
    const std::string process = fmt::format("{}/{}", proc, instance.master_pid);
    const bool has_own_network = instance.network_namespace == own.network_namespace;
    const bool has_own_mounts = instance.mount_namespace == own.mount_namespace;
    return {instance.network_namespace, has_own_network ? "" : process + "/ns/net",
            instance.mount_namespace, has_own_mounts ? own.root : process + "/root"};
}

} // namespace

std::vector<Viewpoint> viewpoints(const ProviderInput& input) {
    const Viewpoint own{input.known.network_namespace, "", input.known.mount_namespace,
                        input.options.root};
    std::vector<Viewpoint> views;
    const auto add = [&](Viewpoint view) {
        const auto is_same = [&](const Viewpoint& other) {
            return other.network_namespace == view.network_namespace &&
                   other.mount_namespace == view.mount_namespace;
        };
        if (std::ranges::none_of(views, is_same))
            views.push_back(std::move(view));
    };
    for (const NginxInstance& instance : input.known.instances) {
        const bool is_meant = input.options.master_pid
                                  ? *input.options.master_pid == instance.master_pid
                                  : instance.mount_namespace == own.mount_namespace;
        if (is_meant)
            add(view_of(instance, own, input.options.proc));
    }
    if (views.empty() || !input.options.master_pid)
        add(own);
    return views;
}

std::vector<std::string> probed_names(const ProviderInput& input) {
    std::vector<std::string> names;
    std::unordered_set<std::string_view> seen;
    for (const Probe& probe : input.probes)
        if (probe.kind == Probe::Kind::name && seen.insert(probe.subject).second)
            names.push_back(probe.subject);
    return names;
}

std::vector<std::string> asked_paths(const ProviderInput& input) {
    std::vector<std::string> paths;
    std::unordered_set<std::string_view> seen;
    for (const Probe& probe : input.probes)
        if (probe.kind == Probe::Kind::unix_socket && seen.insert(probe.subject).second)
            paths.push_back(probe.subject);
    for (const std::string& folder : input.folders)
        if (seen.insert(folder).second)
            paths.push_back(folder);
    return paths;
}

Snapshot collect_facts(const CollectRequest& request, const CollectOptions& options) {
    ProviderInput input;
    input.options = options;
    if (request.plan != nullptr) {
        input.probes = request.plan->probes;
        input.folders = request.plan->folders;
        if (options.mode == CollectOptions::ProbeMode::full)
            input.exchanges = request.plan->exchanges;
    }
    input.users = request.users;
    input.files = request.files;
    input.known.captured_at = std::time(nullptr);
    input.known.uid = ::geteuid();
    input.known.network_namespace = own_network_namespace(options.proc);
    input.known.mount_namespace = own_mount_namespace(options.proc);
    return run_providers(providers, input);
}

std::vector<std::string> provider_names() {
    std::vector<std::string> names;
    for (const Provider& provider : providers)
        if (provider.is_built && provider.name != second_of_systemd)
            names.emplace_back(provider.name);
    // of `connects`
    if (has_openssl)
        names.emplace_back("tls");
    return names;
}

} // namespace upstream_lint
