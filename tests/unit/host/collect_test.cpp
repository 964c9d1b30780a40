#include "host/merge.hpp"
#include "host/provider.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_socket.hpp"
#include "upstream_lint/collect.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

using ProbeMode = CollectOptions::ProbeMode;

Probe probe_of(Probe::Kind kind, std::string subject, std::uint16_t port = 0) {
    Probe probe;
    probe.kind = kind;
    probe.subject = std::move(subject);
    probe.port = port;
    return probe;
}

} // namespace

TEST_CASE("collect: the facts of real sockets") {
    const TemporaryFolder folder;
    TestSocket tcp(AF_INET, SOCK_STREAM);
    tcp.bind_ipv4("127.0.0.1").listen();
    TestSocket local(AF_UNIX, SOCK_STREAM);
    local.bind_path(folder.at("s")).listen();
    const std::string address = fmt::format("127.0.0.1:{}", tcp.port());
    ProbePlan plan;
    plan.probes = {probe_of(Probe::Kind::unix_socket, folder.at("s")),
                   probe_of(Probe::Kind::listener, address),
                   probe_of(Probe::Kind::name, "127.0.0.1", tcp.port())};
    plan.folders = {folder.at("tmp"), folder.at("s")};
    for (const ProbeMode mode : {ProbeMode::none, ProbeMode::connect}) {
        CollectOptions options;
        options.mode = mode;
        options.provider_deadline = std::chrono::seconds(20);
        const Snapshot facts = collect_facts({&plan, {"root", "no-such-user"}, {}}, options);
        CHECK(facts.captured_at > 0);
        CHECK(facts.uid == ::geteuid());
        CHECK_FALSE(facts.kernel.empty());
        CHECK_FALSE(facts.network_namespace.empty());
        CHECK(facts.booted_at < facts.captured_at);

        REQUIRE_FALSE(facts.network_namespaces.empty());
        const NetworkNamespace& own = facts.network_namespaces.front();
        CHECK(own.id == facts.network_namespace);
        CHECK(own.tcp_reading.is_complete());
        const auto listener = std::ranges::find_if(own.tcp_listeners, [&](const auto& socket) {
            return socket_text(socket.address) == address;
        });
        REQUIRE(listener != own.tcp_listeners.end());
        CHECK(listener->owner.pid == static_cast<std::uint32_t>(::getpid()));

        REQUIRE_FALSE(facts.paths.empty());
        CHECK(facts.paths.front().path == folder.at("s"));
        CHECK(std::ranges::count(facts.paths, folder.at("s"), &PathFacts::path) ==
              std::ranges::count(facts.paths, folder.at("tmp"), &PathFacts::path));
        CHECK(std::ranges::find(facts.paths, folder.at("tmp"), &PathFacts::path)->reading.status ==
              ReadStatus::absent);
        REQUIRE(facts.dns.names.size() == 1);
        CHECK(facts.dns.names[0].reading.is_complete());
        REQUIRE(facts.accounts.size() >= 1);
        CHECK(std::ranges::find(facts.accounts, "root", &Account::name)->uid == 0);
        CHECK(std::ranges::find(facts.accounts, "no-such-user", &Account::name) ==
              facts.accounts.end());
        CHECK(facts.accounts_reading.is_complete());
        CHECK(facts.dns.hosts_reading.status != ReadStatus::not_asked);
        CHECK(facts.systemd.reading.status != ReadStatus::not_asked);
        CHECK(facts.fpm.reading.status != ReadStatus::not_asked);
        CHECK(facts.nginx_reading.status != ReadStatus::not_asked);
        CHECK_FALSE(facts.containers.engines.empty());
        if (mode == ProbeMode::none) {
            CHECK(facts.connects.empty());
        } else {
            // the same address by two ways is one connection, from each viewpoint
            REQUIRE(facts.connects.size() >= 2);
            CHECK(facts.connects[0].target == "unix:" + folder.at("s"));
            CHECK(facts.connects[1].target == address);
        }
    }
}

TEST_CASE("collect: pools and name service files of a root") {
    const TemporaryFolder folder;
    folder.write("root/etc/php/8.2/fpm/php-fpm.conf",
                 "[global]\ninclude=/etc/php/8.2/fpm/pool.d/*.conf\n");
    folder.write("root/etc/php/8.2/fpm/pool.d/www.conf",
                 "[www]\nuser = www-data\nlisten = /run/php/x.sock\npm = static\n");
    folder.write("root/etc/hosts", "127.0.0.1 localhost\n10.0.0.9 app\n");
    folder.write("root/etc/resolv.conf", "nameserver 127.0.0.53\nsearch corp.test\n");
    ProviderInput input;
    input.options.root = folder.at("root");
    const Snapshot pools = collect_pools(input);
    CHECK(pools.fpm.reading.is_complete());
    REQUIRE(pools.fpm.pools.size() == 1);
    CHECK(pools.fpm.pools[0].listen == "/run/php/x.sock");
    CHECK(pools.fpm.pools[0].file == "/etc/php/8.2/fpm/pool.d/www.conf");
    const Snapshot dns = collect_dns_files(input);
    CHECK(dns.dns.hosts.size() == 2);
    CHECK(dns.dns.nameservers == std::vector<std::string>{"127.0.0.53"});
    CHECK(dns.dns.search == std::vector<std::string>{"corp.test"});

    input.options.root = folder.path();
    CHECK(collect_pools(input).fpm.reading.status == ReadStatus::absent);
    CHECK(collect_dns_files(input).dns.hosts_reading.status == ReadStatus::absent);
}

TEST_CASE("collect: viewpoints are those of the instances") {
    ProviderInput input;
    input.known.network_namespace = "1";
    input.known.mount_namespace = "2";
    CHECK(viewpoints(input) == std::vector<Viewpoint>{{"1", "", "2", ""}});
    NginxInstance here;
    here.master_pid = 5;
    here.network_namespace = "1";
    here.mount_namespace = "2";
    NginxInstance there = here;
    there.master_pid = 6;
    there.network_namespace = "3";
    there.mount_namespace = "4";
    NginxInstance beside = here;
    beside.master_pid = 7;
    beside.network_namespace = "3";
    input.known.instances = {here, there, beside, beside};
    CHECK(viewpoints(input) ==
          std::vector<Viewpoint>{{"1", "", "2", ""}, {"3", "/proc/7/ns/net", "2", ""}});
    input.known.instances = {there, beside};
    CHECK(viewpoints(input) ==
          std::vector<Viewpoint>{{"3", "/proc/7/ns/net", "2", ""}, {"1", "", "2", ""}});
    input.options.master_pid = 6;
    CHECK(viewpoints(input) ==
          std::vector<Viewpoint>{{"3", "/proc/6/ns/net", "4", "/proc/6/root"}});
}

TEST_CASE("merge: known things are said anew, others are added") {
    Snapshot whole;
    NetworkNamespace space;
    space.id = "1";
    whole.network_namespaces = {space};
    whole.fpm.reading = {ReadStatus::ok, "a", ""};
    Snapshot part;
    space.somaxconn = 7;
    part.network_namespaces = {space};
    space.id = "2";
    part.network_namespaces.push_back(space);
    part.kernel = "6";
    merge(whole, part);
    REQUIRE(whole.network_namespaces.size() == 2);
    CHECK(whole.network_namespaces[0].somaxconn == 7U);
    CHECK(whole.network_namespaces[1].id == "2");
    CHECK(whole.kernel == "6");
    CHECK(whole.fpm.reading.is_complete());
}

TEST_CASE("collect: providers have names") {
    const std::vector<std::string> names = provider_names();
    CHECK(std::ranges::find(names, "sockets") != names.end());
    CHECK(std::ranges::find(names, "units") == names.end());
}

} // namespace upstream_lint::test
