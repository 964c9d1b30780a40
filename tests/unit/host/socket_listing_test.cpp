#include "host/network_namespace.hpp"
#include "host/socket_listing.hpp"
#include "host/socket_owners.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <tuple>

namespace upstream_lint::test {

namespace {

using namespace std::chrono_literals;

NetworkNamespace by_netlink() {
    NetworkNamespace space;
    list_sockets_by_netlink(space, 5s);
    return space;
}

NetworkNamespace by_files(const std::string& folder = "/proc/thread-self/net") {
    NetworkNamespace space;
    list_sockets_by_files(space, folder);
    return space;
}

bool has_netlink() {
    return by_netlink().tcp_reading.status != ReadStatus::unsupported;
}

const InetSocket* find_port(const std::vector<InetSocket>& sockets, std::uint16_t port) {
    const auto found = std::ranges::find_if(
        sockets, [&](const InetSocket& socket) { return socket.address.port == port; });
    return found == sockets.end() ? nullptr : &*found;
}

const UnixSocket* find_path(const std::vector<UnixSocket>& sockets, const std::string& path) {
    const auto found = std::ranges::find(sockets, path, &UnixSocket::path);
    return found == sockets.end() ? nullptr : &*found;
}

std::uint64_t inode_of(const TestSocket& socket) {
    struct stat status {};

    REQUIRE(::fstat(socket.fd(), &status) == 0);
    return status.st_ino;
}

// Runs in a thread whose network namespace is new. False where that is not allowed.
template <typename Work> bool in_new_namespace(Work work) {
    bool is_allowed = false;
    std::thread([&] {
        is_allowed = ::unshare(CLONE_NEWNET) == 0;
        if (is_allowed)
            work();
    }).join();
    return is_allowed;
}

} // namespace

TEST_CASE("sockets: TCP listeners") {
    TestSocket ipv4(AF_INET, SOCK_STREAM);
    ipv4.bind_ipv4("127.0.0.1").listen(7);
    TestSocket any(AF_INET, SOCK_STREAM);
    any.bind_ipv4("0.0.0.0").listen();
    TestSocket not_listening(AF_INET, SOCK_STREAM);
    not_listening.bind_ipv4("127.0.0.1");
    const TestSocket waiting = TestSocket::connecting_to(ipv4.port());
    for (const bool is_netlink : {true, false}) {
        if (is_netlink && !has_netlink())
            continue;
        CAPTURE(is_netlink);
        const NetworkNamespace space = is_netlink ? by_netlink() : by_files();
        CHECK(space.tcp_reading.is_complete());
        const InetSocket* found = find_port(space.tcp_listeners, ipv4.port());
        REQUIRE(found != nullptr);
        CHECK(socket_text(found->address) == fmt::format("127.0.0.1:{}", ipv4.port()));
        CHECK(found->inode == inode_of(ipv4));
        CHECK(found->uid == ::geteuid());
        CHECK(found->queue == 1U);
        CHECK(found->backlog == (is_netlink ? std::optional(7U) : std::nullopt));
        const InetSocket* wildcard = find_port(space.tcp_listeners, any.port());
        REQUIRE(wildcard != nullptr);
        CHECK(wildcard->address.is_wildcard());
        CHECK(find_port(space.tcp_listeners, not_listening.port()) == nullptr);
    }
}

TEST_CASE("sockets: IPv6 listeners say whether they take IPv4") {
    if (!has_netlink())
        return;
    for (const int only : {0, 1}) {
        TestSocket ipv6(AF_INET6, SOCK_STREAM);
        ipv6.set(IPPROTO_IPV6, IPV6_V6ONLY, only).bind_ipv6("::").listen();
        const NetworkNamespace netlink = by_netlink();
        const InetSocket* found = find_port(netlink.tcp_listeners, ipv6.port());
        REQUIRE(found != nullptr);
        CHECK(found->address.family == AddressFamily::inet6);
        CHECK(found->v6only == (only != 0));
        const NetworkNamespace files = by_files();
        REQUIRE(find_port(files.tcp_listeners, ipv6.port()) != nullptr);
        CHECK_FALSE(find_port(files.tcp_listeners, ipv6.port())->v6only.has_value());
    }
}

TEST_CASE("sockets: UDP") {
    TestSocket socket(AF_INET, SOCK_DGRAM);
    socket.bind_ipv4("127.0.0.1");
    for (const NetworkNamespace& space : {by_netlink(), by_files()}) {
        if (space.udp_reading.status == ReadStatus::unsupported)
            continue;
        CHECK(space.udp_reading.is_complete());
        const InetSocket* found = find_port(space.udp_sockets, socket.port());
        REQUIRE(found != nullptr);
        CHECK(found->inode == inode_of(socket));
    }
}

TEST_CASE("sockets: unix sockets") {
    const TemporaryFolder folder;
    TestSocket listening(AF_UNIX, SOCK_STREAM);
    listening.bind_path(folder.at("listening")).listen(3);
    TestSocket bound(AF_UNIX, SOCK_STREAM);
    bound.bind_path(folder.at("bound"));
    TestSocket datagram(AF_UNIX, SOCK_DGRAM);
    datagram.bind_path(folder.at("datagram"));
    TestSocket stale(AF_UNIX, SOCK_STREAM);
    stale.bind_path(folder.at("stale")).listen();
    stale.close();
    const TestSocket waiting = TestSocket::connecting_to_path(folder.at("listening"));
    for (const bool is_netlink : {true, false}) {
        if (is_netlink && !has_netlink())
            continue;
        CAPTURE(is_netlink);
        const NetworkNamespace space = is_netlink ? by_netlink() : by_files();
        CHECK(space.unix_reading.is_complete());
        const UnixSocket* found = find_path(space.unix_sockets, folder.at("listening"));
        REQUIRE(found != nullptr);
        CHECK(found->is_listening);
        CHECK(found->type == UnixSocket::Type::stream);
        CHECK(found->inode == inode_of(listening));
        if (is_netlink) {
            struct stat status {};

            REQUIRE(::stat(folder.at("listening").c_str(), &status) == 0);
            CHECK(found->device == status.st_dev);
            CHECK(found->file_inode == status.st_ino);
            CHECK(found->queue == 1U);
            CHECK(found->backlog == 3U);
        }
        const UnixSocket* not_listening = find_path(space.unix_sockets, folder.at("bound"));
        REQUIRE(not_listening != nullptr);
        CHECK_FALSE(not_listening->is_listening);
        const UnixSocket* other = find_path(space.unix_sockets, folder.at("datagram"));
        REQUIRE(other != nullptr);
        CHECK(other->type == UnixSocket::Type::datagram);
        CHECK(find_path(space.unix_sockets, folder.at("stale")) == nullptr);
    }
}

TEST_CASE("sockets: the kernel says the same by netlink and by files") {
    if (!has_netlink())
        return;
    // other processes come and go: in a namespace of its own there are none
    const bool is_allowed = in_new_namespace([] {
        std::vector<TestSocket> sockets;
        for (int i = 0; i < 300; ++i) {
            sockets.emplace_back(AF_INET, SOCK_STREAM).bind_ipv4("0.0.0.0").listen();
            sockets.emplace_back(AF_INET6, SOCK_STREAM).bind_ipv6("::").listen();
            sockets.emplace_back(AF_INET, SOCK_DGRAM).bind_ipv4("0.0.0.0");
        }
        const auto listed = [](const std::vector<InetSocket>& list) {
            std::set<std::tuple<std::string, std::uint64_t, std::uint32_t>> set;
            for (const InetSocket& socket : list)
                set.emplace(socket_text(socket.address), socket.inode, socket.uid);
            return set;
        };
        const NetworkNamespace netlink = by_netlink();
        const NetworkNamespace files = by_files();
        CHECK(netlink.tcp_listeners.size() == 600);
        CHECK(listed(netlink.tcp_listeners) == listed(files.tcp_listeners));
        CHECK(netlink.udp_sockets.size() == 300);
        CHECK(listed(netlink.udp_sockets) == listed(files.udp_sockets));
    });
    if (!is_allowed)
        MESSAGE("skipped: no namespace may be made here");
}

TEST_CASE("sockets: another namespace is entered, or read by its files") {
    TestSocket outside(AF_INET, SOCK_STREAM);
    outside.bind_ipv4("127.0.0.1").listen();
    const bool is_allowed = in_new_namespace([&] {
        TestSocket inside(AF_INET, SOCK_STREAM);
        inside.bind_ipv4("0.0.0.0").listen();
        const std::string place = fmt::format("/proc/self/task/{}", ::gettid());
        CHECK(find_port(by_files(place + "/net").tcp_listeners, inside.port()) != nullptr);
        CHECK(may_enter_network_namespace(place + "/ns/net"));
        NetworkNamespace seen;
        NetworkNamespace own;
        std::thread([&] {
            REQUIRE_FALSE(enter_network_namespace("/proc/self/ns/net"));
            list_sockets_by_netlink(own, 5s);
            REQUIRE_FALSE(enter_network_namespace(place + "/ns/net"));
            list_sockets_by_netlink(seen, 5s);
            list_addresses(seen);
            read_network_settings(seen, "/proc");
        }).join();
        if (seen.tcp_reading.status != ReadStatus::unsupported) {
            CHECK(find_port(seen.tcp_listeners, inside.port()) != nullptr);
            CHECK(find_port(own.tcp_listeners, outside.port()) != nullptr);
        }
        CHECK(seen.addresses_reading.is_complete());
        CHECK(seen.somaxconn.has_value());
    });
    if (!is_allowed)
        MESSAGE("skipped: no namespace may be made here");
}

TEST_CASE("sockets: addresses of this machine") {
    NetworkNamespace space;
    list_addresses(space);
    CHECK(space.addresses_reading.is_complete());
    const auto loopback = std::ranges::find(space.addresses, "lo", &InterfaceAddress::interface);
    REQUIRE(loopback != space.addresses.end());
    CHECK(address_text(loopback->address) == "127.0.0.1");
    CHECK(loopback->length == 8);
}

TEST_CASE("owners: whose sockets are") {
    TestSocket listener(AF_INET, SOCK_STREAM);
    listener.bind_ipv4("127.0.0.1").listen();
    const std::uint64_t inode = inode_of(listener);
    const SocketOwners owners = find_socket_owners("/proc", {&inode, 1}, Clock::now() + 10s);
    const SocketOwner* const owner = owners.find(inode);
    REQUIRE(owner != nullptr);
    CHECK(owner->pid == static_cast<std::uint32_t>(::getpid()));
    CHECK_FALSE(owner->command.empty());
    CHECK(owners.reading.is_complete());
}

TEST_CASE("owners: a time that is over gives a part") {
    constexpr std::uint64_t inode = 1;
    const SocketOwners owners = find_socket_owners("/proc", {&inode, 1}, Clock::now() - 1s);
    CHECK(owners.find(inode) == nullptr);
    CHECK(owners.reading.status == ReadStatus::partial);
}

} // namespace upstream_lint::test
