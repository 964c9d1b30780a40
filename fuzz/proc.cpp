// Files of /proc and of the name service: what is read of them stands in them.

#include "facts/acl.hpp"
#include "facts/hosts_file.hpp"
#include "facts/proc_net.hpp"
#include "facts/proc_process.hpp"
#include "facts/time_text.hpp"
#include "property.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace upstream_lint::fuzz {
namespace {

void require_status(const Reading& reading) {
    const bool is_whole = reading.status == ReadStatus::ok;
    require(is_whole || reading.status == ReadStatus::partial, "a text is read or partly read");
    require(is_whole == reading.reason.empty(), "what is missing has a reason");
}

void check_sockets(std::string_view text) {
    for (const AddressFamily family : {AddressFamily::inet, AddressFamily::inet6}) {
        const auto tcp = parse_proc_net_tcp(text, family);
        require_status(tcp.reading);
        for (const InetSocket& socket : tcp.value)
            require(socket.address.family == family, "a socket has the family of its file");
        const auto udp = parse_proc_net_udp(text, family);
        require_status(udp.reading);
        for (const InetSocket& socket : udp.value)
            require(!socket.queue, "nothing is accepted from a UDP socket");
    }
    const auto sockets = parse_proc_net_unix(text);
    require_status(sockets.reading);
    for (const UnixSocket& socket : sockets.value) {
        require(!socket.path.empty(), "a socket that is listed has a name");
        require(text.find(socket.path) != std::string_view::npos, "a name stands in the file");
    }
}

void check_process(std::string_view text) {
    require_status(parse_proc_status(text).reading);
    (void)parse_proc_stat_start(text);
    const CgroupOwner owner = owner_of_cgroup(parse_proc_cgroup(text));
    require(owner.container.empty() || owner.container.size() == 64, "an id has 64 digits");
    require(text.find(owner.unit) != std::string_view::npos, "a unit stands in the file");
    const auto mounts = parse_mountinfo(text);
    require_status(mounts.reading);
    for (const Mount& mount : mounts.value)
        require(mount.point.starts_with('/'), "a place of a mount is absolute");
}

void check_names(std::string_view text) {
    for (const HostsEntry& entry : parse_hosts(text))
        require(!entry.name.empty() && !entry.addresses.empty(), "a host has name and address");
    require(parse_resolv_conf(text).nameservers.size() <= 3, "there are three name servers");
    (void)parse_nsswitch_hosts(text);
    if (const auto time = parse_rfc3339(text))
        require(parse_rfc3339(rfc3339_text(*time)) == time, "a written time reads back");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace upstream_lint; // NOLINT(google-build-using-namespace)
    const std::string_view text = fuzz::as_text(data, size);
    fuzz::check_sockets(text);
    fuzz::check_process(text);
    fuzz::check_names(text);
    (void)parse_acl(std::span(data, size));
    return 0;
}
