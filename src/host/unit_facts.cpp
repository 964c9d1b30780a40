#include "facts/unit_names.hpp"
#include "host/provider.hpp"
#include "host/system_root.hpp"
#include "host/systemd.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <set>

namespace upstream_lint {

namespace {

std::chrono::milliseconds patience(const ProviderInput& input) {
    // none at all would be sd-bus's own
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(input.end - Clock::now()),
                    std::chrono::milliseconds(1));
}

// Empty: the systemd of this system.
std::string foreign_root(const ProviderInput& input) {
    std::string root = system_root(input);
    return root == input.options.root ? std::string() : root;
}

} // namespace

Snapshot collect_units(const ProviderInput& input) {
    UnitQuestion question;
    question.patterns = {"nginx.service", "php*-fpm.service", "*.socket"};
    for (const Probe& probe : input.probes)
        if (probe.kind == Probe::Kind::unix_socket)
            std::ranges::move(units_for_path(probe.subject), std::back_inserter(question.patterns));
    std::ranges::sort(question.patterns);
    question.patterns.erase(std::unique(question.patterns.begin(), question.patterns.end()),
                            question.patterns.end());
    question.all_sockets = true;
    Snapshot facts;
    facts.systemd = read_systemd(question, patience(input), foreign_root(input));
    return facts;
}

// What holds the sockets was not known when the others were read.
Snapshot collect_owning_units(const ProviderInput& input) {
    Snapshot facts;
    const ReadStatus status = input.known.systemd.reading.status;
    if (status != ReadStatus::ok && status != ReadStatus::partial)
        return facts;
    std::set<std::string> wanted;
    const auto want = [&](const std::string& unit) {
        if (!unit.empty())
            wanted.insert(unit);
    };
    for (const NginxInstance& instance : input.known.instances)
        want(instance.unit);
    const std::string root = foreign_root(input);
    const std::string nginx_network = viewpoints(input).front().network_namespace;
    for (const NetworkNamespace& space : input.known.network_namespaces) {
        // units of this system may have the names of those of another
        if (!root.empty() && space.id != nginx_network)
            continue;
        for (const InetSocket& socket : space.tcp_listeners)
            want(socket.owner.unit);
        for (const InetSocket& socket : space.udp_sockets)
            want(socket.owner.unit);
        for (const UnixSocket& socket : space.unix_sockets)
            want(socket.owner.unit);
    }
    for (const Unit& unit : input.known.systemd.units)
        wanted.erase(unit.id);
    if (wanted.empty())
        return facts;
    UnitQuestion question;
    question.ids.assign(wanted.begin(), wanted.end());
    facts.systemd = read_systemd(question, patience(input), root);
    // the first reading was not complete either
    if (facts.systemd.reading.is_complete())
        facts.systemd.reading = input.known.systemd.reading;
    return facts;
}

} // namespace upstream_lint
