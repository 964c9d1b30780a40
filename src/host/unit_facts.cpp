#include "host/provider.hpp"
#include "host/systemd.hpp"
#include "host/unit_names.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>
#include <string_view>

namespace upstream_lint {

namespace {

// Folders that tell nothing of the program.
constexpr std::array<std::string_view, 10> common_folders = {
    "run", "var", "tmp", "lib", "srv", "home", "opt", "sockets", "shared", "data"};

// Patterns of units are those of fnmatch(3): only plain names are put into them.
bool is_plain_name(std::string_view name) {
    const auto is_plain = [](unsigned char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_' || letter == '.';
    };
    return !name.empty() && std::ranges::all_of(name, is_plain);
}

void add_units(std::string_view name, std::vector<std::string>& units) {
    for (const std::string_view ending : {".sock", ".socket"})
        if (name.ends_with(ending))
            name.remove_suffix(ending.size());
    if (!is_plain_name(name))
        return;
    units.push_back(std::string(name) + ".service");
    units.push_back(std::string(name) + ".socket");
}

std::chrono::milliseconds patience(const ProviderInput& input) {
    // none at all would be sd-bus's own
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(input.end - Clock::now()),
                    std::chrono::milliseconds(1));
}

} // namespace

std::vector<std::string> units_for_path(const std::string& path) {
    std::vector<std::string> units;
    const std::string_view whole = path;
    const std::size_t slash = whole.rfind('/');
    if (slash == std::string_view::npos)
        return units;
    add_units(whole.substr(slash + 1), units);
    const std::string_view folder = whole.substr(0, slash);
    const std::string_view name = folder.substr(folder.rfind('/') + 1);
    if (std::ranges::find(common_folders, name) == common_folders.end())
        add_units(name, units);
    return units;
}

Snapshot collect_units(const ProviderInput& input) {
    std::set<std::string> patterns = {"nginx.service", "php*-fpm.service"};
    for (const Probe& probe : input.probes)
        if (probe.kind == Probe::Kind::unix_socket)
            for (std::string& unit : units_for_path(probe.subject))
                patterns.insert(std::move(unit));
    UnitQuestion question;
    question.patterns.assign(patterns.begin(), patterns.end());
    question.all_sockets = true;
    Snapshot facts;
    facts.systemd = read_systemd(question, patience(input));
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
    for (const NetworkNamespace& space : input.known.network_namespaces) {
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
    facts.systemd = read_systemd(question, patience(input));
    // the first reading was not complete either
    if (facts.systemd.reading.is_complete())
        facts.systemd.reading = input.known.systemd.reading;
    return facts;
}

} // namespace upstream_lint
