#pragma once

#include "facts/json_formats.hpp"
#include "upstream_lint/facts.hpp"

#include <concepts>
#include <string_view>
#include <type_traits>
#include <vector>

/// The members of facts as docs/schema/snapshot-1.json names them. Each function is for reading and
/// for writing: see json_fields.hpp.
namespace upstream_lint {

template <typename Value, typename Fact>
concept Of = std::same_as<std::remove_const_t<Value>, Fact>;

template <typename Field, Of<Reading> Value> void describe(Field& field, Value& reading) {
    field("status", reading.status, WordFormat{});
    field("source", reading.source);
    field("reason", reading.reason);
}

/// `"denied"` alone.
inline bool read_short_form(std::string_view word, Reading& reading) {
    return WordFormat::find(word, reading.status);
}

template <typename Field, Of<Credentials> Value> void describe(Field& field, Value& credentials) {
    field("uid", credentials.uid);
    field("gid", credentials.gid);
    field("groups", credentials.groups);
    field("cap_eff", credentials.capabilities, HexFormat{});
    field.group("mac", [&](auto& mac) { mac("label", credentials.label); });
}

template <typename Field, Of<SocketOwner> Value> void describe(Field& field, Value& owner) {
    field("pid", owner.pid);
    field("comm", owner.command);
    field("cgroup", owner.cgroup);
    field("unit", owner.unit);
    field("container", owner.container);
    field("label", owner.label);
}

template <typename Field, Of<InetSocket> Value> void describe(Field& field, Value& socket) {
    field("addr", socket.address, AddressFormat{});
    field("port", socket.address.port);
    field("v6only", socket.v6only);
    field("queue", socket.queue);
    field("backlog", socket.backlog);
    field("uid", socket.uid);
    field("inode", socket.inode);
    describe(field, socket.owner);
}

template <typename Field, Of<UnixSocket> Value> void describe(Field& field, Value& socket) {
    field("path", socket.path);
    field("type", socket.type, WordFormat{});
    field("listening", socket.is_listening);
    field.group("vfs", [&](auto& vfs) {
        vfs("dev", socket.device);
        vfs("ino", socket.file_inode);
    });
    field("queue", socket.queue);
    field("backlog", socket.backlog);
    field("inode", socket.inode);
    describe(field, socket.owner);
}

template <typename Field, Of<InterfaceAddress> Value> void describe(Field& field, Value& address) {
    field("address", address, InterfaceFormat{});
    field("interface", address.interface);
}

/// `"127.0.0.1/8"` alone.
inline bool read_short_form(std::string_view text, InterfaceAddress& address) {
    return InterfaceFormat::read(text, address);
}

template <typename Field, Of<NetworkNamespace> Value> void describe(Field& field, Value& net) {
    field("id", net.id);
    field("container", net.container);
    field.group("readings", [&](auto& readings) {
        readings("addresses", net.addresses_reading);
        readings("tcp_listeners", net.tcp_reading);
        readings("udp_sockets", net.udp_reading);
        readings("unix_sockets", net.unix_reading);
    });
    field("addresses", net.addresses);
    field("tcp_listeners", net.tcp_listeners);
    field("udp_sockets", net.udp_sockets);
    field("unix_listeners", net.unix_sockets);
    field.group("ipv6_disabled", [&](auto& disabled) { disabled("lo", net.ipv6_disabled); });
    field("somaxconn", net.somaxconn);
}

template <typename Field, Of<AclEntry> Value> void describe(Field& field, Value& entry) {
    field("tag", entry.tag, WordFormat{});
    field("id", entry.id);
    field("permissions", entry.permissions);
}

template <typename Field, Of<PathComponent> Value> void describe(Field& field, Value& component) {
    field("path", component.path);
    field("type", component.type, WordFormat{});
    field("mode", component.mode, ModeFormat{});
    field("uid", component.uid);
    field("gid", component.gid);
    field("dev", component.device);
    field("ino", component.inode);
    field("link_target", component.link_target);
    field("acl", component.acl);
    field("acl_status", component.acl_status, WordFormat{});
    field("label", component.label);
}

template <typename Field, Of<Sibling> Value> void describe(Field& field, Value& sibling) {
    field("name", sibling.name);
    field("type", sibling.type, WordFormat{});
}

/// A name alone.
inline bool read_short_form(std::string_view name, Sibling& sibling) {
    sibling.name = name;
    return true;
}

template <typename Field, Of<PathFacts> Value> void describe(Field& field, Value& path) {
    field("mntns", path.mount_namespace);
    field("path", path.path);
    describe(field, path.reading);
    field("errno", path.error);
    field("resolved", path.resolved);
    field("mount_point", path.is_mount_point);
    field("components", path.components);
    field("siblings", path.siblings);
    field("siblings_reading", path.siblings_reading);
}

template <typename Field, Of<NameFacts> Value> void describe(Field& field, Value& name) {
    field("perspective", name.perspective);
    field("name", name.name);
    describe(field, name.reading);
    field("error", name.error);
    field("addrs", name.addresses, SocketFormat{});
}

template <typename Field, Of<DnsAnswer> Value> void describe(Field& field, Value& answer) {
    field("perspective", answer.perspective);
    field("resolver", answer.resolver);
    field("name", answer.name);
    field("qtype", answer.type);
    describe(field, answer.reading);
    field("rcode", answer.rcode);
    field("addrs", answer.addresses, SocketFormat{});
}

template <typename Field, Of<HostsEntry> Value> void describe(Field& field, Value& entry) {
    field("name", entry.name);
    field("addrs", entry.addresses, SocketFormat{});
}

template <typename Field, Of<DnsFacts> Value> void describe(Field& field, Value& dns) {
    field.group("readings", [&](auto& readings) {
        readings("hosts", dns.hosts_reading);
        readings("resolv_conf", dns.resolv_conf_reading);
    });
    field("hosts", dns.hosts);
    field.group("resolv_conf", [&](auto& resolv_conf) {
        resolv_conf("nameservers", dns.nameservers);
        resolv_conf("search", dns.search);
    });
    field("static", dns.names);
    field("resolver_queries", dns.answers);
}

template <typename Field, Of<Unit> Value> void describe(Field& field, Value& unit) {
    field("id", unit.id);
    field("load", unit.load_state);
    field("active", unit.active_state);
    field("sub", unit.sub_state);
    field("result", unit.result);
    field("unit_file_state", unit.unit_file_state);
    field("user", unit.user);
    field("group", unit.group);
    field("control_group", unit.control_group);
    field("triggered_by", unit.triggered_by);
    field("runtime_directory", unit.runtime_directory);
    field("main_pid", unit.main_pid);
    field("exec_main_status", unit.exec_main_status);
    field("n_restarts", unit.restarts);
    field("private_tmp", unit.private_tmp);
    field("active_enter", unit.active_since, TimeFormat{});
}

template <typename Field, Of<SocketUnit::Listen> Value> void describe(Field& field, Value& listen) {
    field("type", listen.type);
    field("address", listen.address);
}

template <typename Field, Of<SocketUnit> Value> void describe(Field& field, Value& socket) {
    field("id", socket.id);
    field("active", socket.active_state);
    field("result", socket.result);
    field("listen", socket.listen);
    field("mode", socket.mode);
    field("user", socket.user);
    field("group", socket.group);
    field("triggers", socket.triggers);
    field("backlog", socket.backlog);
}

template <typename Field, Of<FpmPool> Value> void describe(Field& field, Value& pool) {
    field("file", pool.file);
    field("name", pool.name);
    field("listen", pool.listen);
    field("owner", pool.owner);
    field("group", pool.group);
    field("mode", pool.mode);
    field("acl_users", pool.acl_users);
    field("allowed_clients", pool.allowed_clients);
    field("backlog", pool.backlog);
    field("pm", pool.process_manager);
    field("max_children", pool.max_children);
    field("request_terminate_timeout", pool.request_terminate_timeout);
    field("status_path", pool.status_path);
    field("ping_path", pool.ping_path);
    field("user", pool.user);
    field("chroot", pool.chroot);
}

template <typename Field, Of<ContainerPort> Value> void describe(Field& field, Value& port) {
    field("port", port.port);
    field("proto", port.protocol);
    field("host_port", port.host_port);
    field("host_ip", port.host_address);
}

template <typename Field, Of<ContainerMount> Value> void describe(Field& field, Value& mount) {
    field("type", mount.type);
    field("source", mount.source);
    field("target", mount.target);
    field("is_socket_file", mount.is_socket_file);
}

template <typename Field, Of<ContainerNetwork> Value> void describe(Field& field, Value& network) {
    field("name", network.name);
    field("id", network.id);
    field("ipv4", network.ipv4, SocketFormat{});
    field("ipv6", network.ipv6, SocketFormat{});
    field("dns_names", network.dns_names);
}

template <typename Field, Of<Container> Value> void describe(Field& field, Value& container) {
    field("id", container.id);
    field("engine", container.engine);
    field("names", container.names);
    field("image", container.image);
    field("project", container.project);
    field("service", container.service);
    field.group("state", [&](auto& state) {
        state("status", container.status);
        state("oom_killed", container.oom_killed);
        state("exit_code", container.exit_code);
        state("pid", container.pid);
        state("started_at", container.started_at, TimeFormat{});
        state("finished_at", container.finished_at, TimeFormat{});
        state("restart_count", container.restart_count);
        state("health", container.health);
        state("health_last_output", container.health_output);
        state("error", container.error);
    });
    field("network_mode", container.network_mode);
    field("sandbox_netns", container.network_namespace);
    field("networks", container.networks);
    field("ports", container.ports);
    field("mounts", container.mounts);
    field("extra_hosts", container.extra_hosts);
    field("rootless", container.is_rootless);
}

template <typename Field, Of<EngineNetwork> Value> void describe(Field& field, Value& network) {
    field("name", network.name);
    field("id", network.id);
    field("driver", network.driver);
    field("internal", network.is_internal);
    field("icc", network.allows_icc);
    field("subnets", network.subnets, CidrFormat{});
}

template <typename Field, Of<Engine> Value> void describe(Field& field, Value& engine) {
    field("name", engine.name);
    field("socket", engine.socket);
    field("api", engine.api);
    describe(field, engine.reading);
}

template <typename Field, Of<ContainerFacts> Value> void describe(Field& field, Value& facts) {
    field("engines", facts.engines);
    field("items", facts.items);
    field("networks", facts.networks);
}

template <typename Field, Of<Worker> Value> void describe(Field& field, Value& worker) {
    field("pid", worker.pid);
    field("started_at", worker.started_at, TimeFormat{});
    field("shutting_down", worker.is_shutting_down);
    describe(field, worker.credentials);
}

template <typename Field, Of<NginxInstance> Value> void describe(Field& field, Value& nginx) {
    field("master_pid", nginx.master_pid);
    field("executable", nginx.executable);
    field("version", nginx.version);
    field("configure_arguments", nginx.configure_arguments);
    field("configuration", nginx.configuration);
    field("prefix", nginx.prefix);
    field("global_directives", nginx.global_directives);
    field("unit", nginx.unit);
    field("container", nginx.container);
    field("netns", nginx.network_namespace);
    field("mntns", nginx.mount_namespace);
    field("started_at", nginx.started_at, TimeFormat{});
    field("configuration_changed_at", nginx.configuration_changed_at, TimeFormat{});
    field("workers", nginx.workers);
}

template <typename Field, Of<Account> Value> void describe(Field& field, Value& account) {
    field("name", account.name);
    field("uid", account.uid);
    field("gid", account.gid);
    field("groups", account.groups);
}

template <typename Field, Of<UpstreamTls> Value> void describe(Field& field, Value& tls) {
    field("server_name", tls.server_name);
    field("protocols", tls.protocols);
    field("ciphers", tls.ciphers);
    field("alpn", tls.alpn);
    field("verify", tls.verify);
    field("verified_name", tls.verified_name);
    field("trusted_certificate", tls.trusted_certificate);
    field("crl", tls.crl);
    field("verify_depth", tls.verify_depth);
    field("client_certificate", tls.has_client_certificate);
    field("left_out", tls.left_out);
}

template <typename Field, Of<Exchange> Value> void describe(Field& field, Value& exchange) {
    field("protocol", exchange.protocol, WordFormat{});
    field("http_version", exchange.http_version);
    field("tls", exchange.tls);
}

template <typename Field, Of<HandshakeFacts> Value> void describe(Field& field, Value& handshake) {
    describe(field, handshake.reading);
    field("error", handshake.error);
    field("protocol", handshake.protocol);
    field("cipher", handshake.cipher);
    field("alpn", handshake.alpn);
    field("verify_error", handshake.verify_error);
    field("verify_code", handshake.verify_code);
    field("asks_for_certificate", handshake.asks_for_certificate);
    field.group("certificate", [&](auto& certificate) {
        certificate("names", handshake.names);
        certificate("not_before", handshake.not_before, TimeFormat{});
        certificate("not_after", handshake.not_after, TimeFormat{});
    });
}

template <typename Field, Of<ReplyFacts> Value> void describe(Field& field, Value& reply) {
    describe(field, reply.reading);
    field("request", reply.request);
    field("host", reply.host);
    field("kind", reply.kind, WordFormat{});
    // `status` says how it was read
    field("code", reply.status);
    field("line", reply.line);
    field("error", reply.error);
    field("ms", reply.milliseconds);
}

template <typename Field, Of<ConnectFacts> Value> void describe(Field& field, Value& probe) {
    field("target", probe.target);
    field("perspective", probe.perspective);
    describe(field, probe.reading);
    field.group("connect", [&](auto& connect) {
        connect("errno", probe.error);
        connect("ms", probe.milliseconds);
    });
    field("asked", probe.exchange);
    field("tls", probe.handshake);
    field("http", probe.reply);
}

template <typename Field, Of<ConfigurationFile> Value> void describe(Field& field, Value& file) {
    field("name", file.name);
    field("text", file.text);
}

template <typename Field, Of<ReadProblem> Value> void describe(Field& field, Value& problem) {
    field("fact", problem.fact);
    field("source", problem.source);
    field("errno", problem.error);
}

/// What holds of all of them. What is not there makes nothing incomplete, unless nothing is.
[[nodiscard]] Reading common_reading(const std::vector<Reading>& readings);
[[nodiscard]] Reading listeners_reading(const Snapshot& snapshot,
                                        Reading NetworkNamespace::*reading);
[[nodiscard]] Reading engine_reading(const Snapshot& snapshot, std::string_view engine);

template <typename Field, Of<Snapshot> Value>
void describe_coverage(Field& coverage, Value& snapshot) {
    coverage("namespaces", snapshot.namespaces_reading);
    coverage("socket_owner_pid", snapshot.owners_reading);
    coverage("nginx", snapshot.nginx_reading);
    coverage("systemd", snapshot.systemd.reading);
    coverage("php_fpm_pools", snapshot.fpm.reading);
    coverage("accounts", snapshot.accounts_reading);
    coverage.derived("tcp_listeners",
                     [&] { return listeners_reading(snapshot, &NetworkNamespace::tcp_reading); });
    coverage.derived("unix_listeners",
                     [&] { return listeners_reading(snapshot, &NetworkNamespace::unix_reading); });
    coverage.derived("docker", [&] { return engine_reading(snapshot, "docker"); });
    coverage.derived("podman", [&] { return engine_reading(snapshot, "podman"); });
}

template <typename Field, Of<Snapshot> Value> void describe(Field& field, Value& snapshot) {
    field("captured_at", snapshot.captured_at, TimeFormat{});
    field.group("host", [&](auto& host) {
        host("hostname", snapshot.hostname);
        host("kernel", snapshot.kernel);
        host("os", snapshot.os);
        host("boot_time", snapshot.booted_at, TimeFormat{});
    });
    field.group("capture", [&](auto& capture) {
        capture("uid", snapshot.uid);
        capture("label", snapshot.label);
        capture("netns", snapshot.network_namespace);
        capture("mntns", snapshot.mount_namespace);
        capture.group("coverage", [&](auto& coverage) { describe_coverage(coverage, snapshot); });
        capture("errors", snapshot.problems);
    });
    field.group("nginx", [&](auto& nginx) { nginx("instances", snapshot.instances); });
    field("netns", snapshot.network_namespaces);
    field("paths", snapshot.paths);
    field("dns", snapshot.dns);
    field.group("systemd", [&](auto& systemd) {
        systemd("units", snapshot.systemd.units);
        systemd("sockets", snapshot.systemd.sockets);
    });
    field.group("php_fpm", [&](auto& fpm) { fpm("pools", snapshot.fpm.pools); });
    field("containers", snapshot.containers);
    field("accounts", snapshot.accounts);
    field.group("mac", [&](auto& mac) {
        mac.group("selinux",
                  [&](auto& selinux) { selinux("enforcing", snapshot.selinux_enforcing); });
    });
    field("probes", snapshot.connects);
    field("configuration", snapshot.configuration);
}

} // namespace upstream_lint
