#include "host/socket_listing.hpp"

#include "facts/columns.hpp"
#include "facts/proc_net.hpp"
#include "facts/sock_diag.hpp"
#include "host/netlink.hpp"
#include "host/proc_files.hpp"
#include "host/socket_address.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <ifaddrs.h>
#include <iterator>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>
#include <utility>

namespace upstream_lint {

namespace {

constexpr const char* diag_source = "sock_diag";

// What was read of one source is added to a list; its reading is worse than the other's or becomes
// that of the list.
template <typename Socket> void add(std::vector<Socket>& sockets, Reading& reading,
                                    Parsed<std::vector<Socket>> parsed, const std::string& source) {
    if (sockets.empty())
        sockets = std::move(parsed.value);
    else
        std::ranges::move(parsed.value, std::back_inserter(sockets));
    parsed.reading.source = source;
    if (reading.status == ReadStatus::not_asked || reading.is_complete())
        reading = std::move(parsed.reading);
}

// One protocol of both families. A kernel without IPv6 has no IPv6 sockets.
void dump_inet(std::vector<InetSocket>& sockets, Reading& reading, int protocol,
               std::chrono::milliseconds deadline) {
    const DiagProtocol diag = protocol == IPPROTO_TCP ? DiagProtocol::tcp : DiagProtocol::udp;
    for (const int family : {AF_INET, AF_INET6}) {
        const auto dumped = dump_sockets({family, protocol}, deadline);
        if (!dumped) {
            if (family == AF_INET6 && dumped.error().code == EAFNOSUPPORT)
                continue;
            reading = failed_reading(dumped.error(), diag_source);
            sockets.clear();
            return;
        }
        add(sockets, reading, parse_inet_diag(dumped->messages, diag), diag_source);
    }
}

void dump_unix(NetworkNamespace& space, std::chrono::milliseconds deadline) {
    const auto dumped = dump_sockets({AF_UNIX, 0}, deadline);
    if (dumped)
        add(space.unix_sockets, space.unix_reading, parse_unix_diag(dumped->messages), diag_source);
    else
        space.unix_reading = failed_reading(dumped.error(), diag_source);
}

using InetParser = Parsed<std::vector<InetSocket>> (*)(std::string_view text, AddressFamily family);

void read_inet_files(std::vector<InetSocket>& sockets, Reading& reading, const std::string& path,
                     InetParser parse) {
    if (reading.is_complete())
        return;
    reading = {};
    sockets.clear();
    for (const AddressFamily family : {AddressFamily::inet, AddressFamily::inet6}) {
        const std::string file = family == AddressFamily::inet ? path : path + "6";
        const auto text = read_kernel_file(file);
        if (text) {
            add(sockets, reading, parse(*text, family), path);
        } else if (family == AddressFamily::inet || text.error().code != ENOENT) {
            reading = failed_reading(text.error(), file);
            return;
        }
    }
}

void read_unix_file(NetworkNamespace& space, const std::string& path) {
    if (space.unix_reading.is_complete())
        return;
    space.unix_reading = {};
    space.unix_sockets.clear();
    const auto text = read_kernel_file(path);
    if (text)
        add(space.unix_sockets, space.unix_reading, parse_proc_net_unix(*text), path);
    else
        space.unix_reading = failed_reading(text.error(), path);
    // connections that wait to be accepted have the name of the listener, and no inode yet
    std::erase_if(space.unix_sockets, [](const UnixSocket& socket) { return socket.inode == 0; });
}

struct AddressListCloser {
    void operator()(ifaddrs* list) const { ::freeifaddrs(list); }
};

unsigned bits_of(const std::optional<SocketAddress>& mask) {
    unsigned bits = 0;
    if (mask)
        for (const std::uint8_t byte : mask->bytes)
            bits += static_cast<unsigned>(std::popcount(byte));
    return bits;
}

std::optional<std::uint32_t> read_setting(const std::string& path) {
    const auto text = read_kernel_file(path);
    if (!text)
        return std::nullopt;
    return parse_number<std::uint32_t>(Columns(Lines(*text).next().value_or("")).next());
}

} // namespace

void list_sockets_by_netlink(NetworkNamespace& space, std::chrono::milliseconds deadline) {
    dump_inet(space.tcp_listeners, space.tcp_reading, IPPROTO_TCP, deadline);
    dump_inet(space.udp_sockets, space.udp_reading, IPPROTO_UDP, deadline);
    dump_unix(space, deadline);
}

void list_sockets_by_files(NetworkNamespace& space, const std::string& folder) {
    read_inet_files(space.tcp_listeners, space.tcp_reading, folder + "/tcp", parse_proc_net_tcp);
    read_inet_files(space.udp_sockets, space.udp_reading, folder + "/udp", parse_proc_net_udp);
    read_unix_file(space, folder + "/unix");
}

void list_addresses(NetworkNamespace& space) {
    constexpr const char* source = "rtnetlink";
    ifaddrs* found = nullptr;
    if (::getifaddrs(&found) != 0) {
        space.addresses_reading =
            failed_reading(system_error(errno, "getifaddrs()", "netlink"), source);
        return;
    }
    const std::unique_ptr<ifaddrs, AddressListCloser> list(found);
    for (const ifaddrs* entry = list.get(); entry != nullptr; entry = entry->ifa_next)
        if (const auto address = from_system(entry->ifa_addr))
            space.addresses.push_back(
                {*address, bits_of(from_system(entry->ifa_netmask)), entry->ifa_name});
    space.addresses_reading = complete_reading(source);
}

void read_network_settings(NetworkNamespace& space, const std::string& proc) {
    const std::string settings = proc + "/sys/net/";
    if (const auto disabled = read_setting(settings + "ipv6/conf/lo/disable_ipv6"))
        space.ipv6_disabled = *disabled != 0;
    // a kernel without IPv6 has none of its settings
    else if (!list_names(settings + "ipv6") && list_names(settings + "ipv4"))
        space.ipv6_disabled = true;
    space.somaxconn = read_setting(settings + "core/somaxconn");
}

} // namespace upstream_lint
