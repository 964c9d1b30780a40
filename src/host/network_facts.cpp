#include "facts/proc_net.hpp"
#include "host/namespace_id.hpp"
#include "host/network_namespace.hpp"
#include "host/proc_files.hpp"
#include "host/process_owner.hpp"
#include "host/provider.hpp"
#include "host/socket_listing.hpp"
#include "host/socket_owners.hpp"

#include <algorithm>
#include <cerrno>
#include <fmt/format.h>
#include <optional>
#include <unistd.h>
#include <unordered_set>

namespace upstream_lint {

namespace {

constexpr const char* this_system = "/proc";
constexpr const char* initial_pid_namespace = "4026531836"; // Linux: PROC_PID_INIT_INO

std::chrono::milliseconds rest_until(Clock::time_point end) {
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now()),
                    std::chrono::milliseconds(1));
}

// A network namespace and a process in it.
struct Place {
    std::string id;
    std::string process; // /proc/812
    std::string container;
};

class PlaceList {
public:
    explicit PlaceList(const ProviderInput& input) : input_(input), proc_(input.options.proc) {
        seen_.insert(input.known.network_namespace);
        places_.push_back({input.known.network_namespace, own_process(), ""});
        for (const NginxInstance& instance : input.known.instances)
            add({instance.network_namespace, process(instance.master_pid), instance.container});
        for (const Container& container : input.known.containers.items)
            if (container.pid)
                add({container.network_namespace, process(*container.pid), container.id});
        add_others();
    }

    /// This process's own is the first.
    [[nodiscard]] const std::vector<Place>& places() const { return places_; }

    [[nodiscard]] const Reading& reading() const { return reading_; }

    /// Processes whose namespaces may not be read.
    [[nodiscard]] const std::vector<std::uint32_t>& hidden() const { return hidden_; }

private:
    [[nodiscard]] std::string process(std::uint32_t pid) const {
        return fmt::format("{}/{}", proc_, pid);
    }

    // The first thread of this process may be in another namespace than the one that asks.
    [[nodiscard]] std::string own_process() const {
        return proc_ + (proc_ == this_system ? "/thread-self" : "/self");
    }

    void add(Place place) {
        if (!place.id.empty() && seen_.insert(place.id).second)
            places_.push_back(std::move(place));
    }

    void add_others() {
        reading_ = complete_reading(proc_ + "/*/ns/net");
        const auto pids = list_processes(proc_);
        if (!pids) {
            reading_ = failed_reading(pids.error(), proc_);
            return;
        }
        for (const std::uint32_t pid : *pids) {
            if (Clock::now() > input_.end) {
                miss("not all processes were looked at in time");
                return;
            }
            const auto link = read_link(process_path(proc_, pid, "ns/net"));
            if (link)
                add_process(pid);
            else if (status_of_errno(link.error().code) == ReadStatus::denied)
                hidden_.push_back(pid);
        }
        // of another one's processes nothing is seen here
        const std::string pids_space = namespace_id(proc_ + "/self/ns/pid");
        if (!pids_space.empty() && pids_space != initial_pid_namespace)
            miss("processes outside of this container are not seen");
    }

    void add_process(std::uint32_t pid) {
        std::string id = namespace_id(process_path(proc_, pid, "ns/net"));
        if (!seen_.contains(id))
            add({std::move(id), process(pid), read_process_owner(proc_, pid).container});
    }

    void miss(std::string reason) {
        reading_.status = ReadStatus::partial;
        reading_.reason = std::move(reason);
    }

    const ProviderInput& input_;
    const std::string& proc_;
    std::vector<Place> places_;
    std::unordered_set<std::string> seen_;
    std::vector<std::uint32_t> hidden_;
    Reading reading_;
};

// Finds out where processes are whose namespaces may not be read, by the sockets there, which may
// be: a unix socket is in one namespace alone.
class HiddenPlaces {
public:
    HiddenPlaces(const PlaceList& known, const std::string& proc) : proc_(proc) {
        for (const Place& place : known.places())
            if (const auto text = read_kernel_file(place.process + "/net/unix"))
                for (const std::uint64_t inode : parse_unix_inodes(*text))
                    known_.insert(inode);
    }

    /// The namespace of a process, unless it is known or has no sockets. None where that cannot be
    /// told.
    [[nodiscard]] Result<std::optional<NetworkNamespace>> find(std::uint32_t pid) {
        const std::string folder = process_path(proc_, pid, "net");
        const auto beginning = read_beginning(folder + "/unix", beginning_size);
        if (!beginning)
            return beginning.error();
        const auto inodes = parse_unix_inodes(*beginning);
        const auto is_known = [&](std::uint64_t inode) { return known_.contains(inode); };
        if (inodes.empty() || std::ranges::any_of(inodes, is_known))
            return std::optional<NetworkNamespace>();
        NetworkNamespace space;
        space.id = fmt::format("of process {}", pid);
        space.container = read_process_owner(proc_, pid).container;
        list_sockets_by_files(space, folder);
        known_.insert(inodes.begin(), inodes.end());
        return std::optional(std::move(space));
    }

private:
    static constexpr std::size_t beginning_size = 4096;

    const std::string& proc_;
    std::unordered_set<std::uint64_t> known_;
};

// In the thread that is to be used for nothing else afterwards.
NetworkNamespace read_place(const Place& place, bool is_own, const ProviderInput& input) {
    NetworkNamespace space;
    space.id = place.id;
    space.container = place.container;
    std::optional<Error> refused;
    if (input.options.proc != this_system)
        refused = Error{0, "setns()", place.process, "these are not the processes of this system"};
    else if (!is_own)
        refused = enter_network_namespace(place.process + "/ns/net");
    if (refused) {
        space.addresses_reading = failed_reading(*refused, "rtnetlink");
    } else {
        list_sockets_by_netlink(space, rest_until(input.end));
        list_addresses(space);
        read_network_settings(space, input.options.proc);
    }
    list_sockets_by_files(space, place.process + "/net");
    return space;
}

// Calls `take` with each socket of a namespace.
template <typename Space, typename Take> void for_each_socket(Space& space, Take take) {
    for (auto& socket : space.tcp_listeners)
        take(socket);
    for (auto& socket : space.udp_sockets)
        take(socket);
    for (auto& socket : space.unix_sockets)
        take(socket);
}

void add_hidden(Snapshot& facts, const PlaceList& list, const ProviderInput& input) {
    if (list.hidden().empty())
        return;
    HiddenPlaces places(list, input.options.proc);
    for (const std::uint32_t pid : list.hidden()) {
        auto found = places.find(pid);
        if (Clock::now() > input.end || (!found && found.error().code != ENOENT)) {
            facts.namespaces_reading.status = ReadStatus::partial;
            facts.namespaces_reading.reason =
                fmt::format("the namespace of process {} may not be read", pid);
            return;
        }
        if (found && *found)
            facts.network_namespaces.push_back(*std::move(*std::move(found)));
    }
}

} // namespace

Snapshot collect_sockets(const ProviderInput& input) {
    Snapshot facts;
    const PlaceList list(input);
    facts.namespaces_reading = list.reading();
    for (const Place& place : list.places()) {
        if (Clock::now() > input.end) {
            facts.namespaces_reading = {ReadStatus::partial, input.options.proc,
                                        "not all namespaces were looked at in time"};
            break;
        }
        const bool is_own = &place == &list.places().front();
        facts.network_namespaces.push_back(read_place(place, is_own, input));
    }
    add_hidden(facts, list, input);
    return facts;
}

Snapshot collect_owners(const ProviderInput& input) {
    std::vector<std::uint64_t> inodes;
    for (const NetworkNamespace& space : input.known.network_namespaces)
        for_each_socket(space, [&](const auto& socket) {
            if (socket.inode != 0)
                inodes.push_back(socket.inode);
        });
    const SocketOwners owners = find_socket_owners(input.options.proc, inodes, input.end);
    Snapshot facts;
    facts.owners_reading = owners.reading;
    facts.network_namespaces = input.known.network_namespaces;
    for (NetworkNamespace& space : facts.network_namespaces)
        for_each_socket(space, [&](auto& socket) {
            if (const SocketOwner* const owner = owners.find(socket.inode))
                socket.owner = *owner;
        });
    return facts;
}

} // namespace upstream_lint
