#pragma once

#include <string_view>

namespace upstream_lint::cause {

/// The rules that tell of a target that does not answer. Of one target there is one cause.

inline constexpr std::string_view host_not_found_at_load = "host-not-found-at-load";
inline constexpr std::string_view unix_target_shape = "unix-target-shape";
inline constexpr std::string_view template_not_rendered = "template-not-rendered";
inline constexpr std::string_view mirror_or_background_target_dead =
    "mirror-or-background-target-dead";

inline constexpr std::string_view socket_missing = "socket-missing";
inline constexpr std::string_view socket_path_mismatch = "socket-path-mismatch";
inline constexpr std::string_view socket_stale_file = "socket-stale-file";
inline constexpr std::string_view target_not_a_socket = "target-not-a-socket";
inline constexpr std::string_view socket_wrong_type = "socket-wrong-type";
inline constexpr std::string_view socket_symlink_dangling = "socket-symlink-dangling";
inline constexpr std::string_view runtime_dir_not_created = "runtime-dir-not-created";
inline constexpr std::string_view bind_mounted_socket_file_stale = "bind-mounted-socket-file-stale";
inline constexpr std::string_view socket_not_shared_with_container =
    "socket-not-shared-with-container";
inline constexpr std::string_view private_tmp_hides_socket = "private-tmp-hides-socket";
inline constexpr std::string_view unix_backlog_full = "unix-backlog-full";
inline constexpr std::string_view socket_stolen_by_second_instance =
    "socket-stolen-by-second-instance";

inline constexpr std::string_view socket_mode_denied = "socket-mode-denied";
inline constexpr std::string_view parent_dir_not_traversable = "parent-dir-not-traversable";
inline constexpr std::string_view group_not_effective = "group-not-effective";
inline constexpr std::string_view selinux_network = "selinux-network";
inline constexpr std::string_view container_uid_mismatch = "container-uid-mismatch";
inline constexpr std::string_view selinux_socket = "selinux-socket";
inline constexpr std::string_view apparmor_denied = "apparmor-denied";

inline constexpr std::string_view no_listener = "no-listener";
inline constexpr std::string_view wrong_port = "wrong-port";
inline constexpr std::string_view listener_on_other_address = "listener-on-other-address";
inline constexpr std::string_view ipv6_unusable = "ipv6-unusable";
inline constexpr std::string_view firewall_drop = "firewall-drop";
inline constexpr std::string_view firewall_reject = "firewall-reject";
inline constexpr std::string_view host_unreachable = "host-unreachable";
inline constexpr std::string_view no_route = "no-route";
inline constexpr std::string_view tcp_accept_queue_full = "tcp-accept-queue-full";

inline constexpr std::string_view resolver_unreachable = "resolver-unreachable";
inline constexpr std::string_view resolver_servfail = "resolver-servfail";
inline constexpr std::string_view resolver_short_name = "resolver-short-name";
inline constexpr std::string_view resolver_ignores_hosts_file = "resolver-ignores-hosts-file";
inline constexpr std::string_view resolver_name_unknown = "resolver-name-unknown";

inline constexpr std::string_view container_loopback_target = "container-loopback-target";
inline constexpr std::string_view backend_binds_loopback = "backend-binds-loopback";
inline constexpr std::string_view published_port_inside = "published-port-inside";
inline constexpr std::string_view port_not_published = "port-not-published";
inline constexpr std::string_view host_firewall_blocks_bridge = "host-firewall-blocks-bridge";
inline constexpr std::string_view published_port_rules_lost = "published-port-rules-lost";
inline constexpr std::string_view no_shared_network = "no-shared-network";
inline constexpr std::string_view inter_container_traffic_off = "inter-container-traffic-off";
inline constexpr std::string_view service_name_mismatch = "service-name-mismatch";
inline constexpr std::string_view default_bridge_no_dns = "default-bridge-no-dns";
inline constexpr std::string_view container_not_running = "container-not-running";
inline constexpr std::string_view container_paused = "container-paused";
inline constexpr std::string_view container_oom = "container-oom";
inline constexpr std::string_view host_service_loopback_only = "host-service-loopback-only";
inline constexpr std::string_view network_mode_host_breaks_names = "network-mode-host-breaks-names";
inline constexpr std::string_view netns_owner_restarted = "netns-owner-restarted";
inline constexpr std::string_view hardcoded_container_ip = "hardcoded-container-ip";
inline constexpr std::string_view published_on_other_address = "published-on-other-address";
inline constexpr std::string_view podman_rootless = "podman-rootless";
inline constexpr std::string_view docker_proxy_accepts_dead_app = "docker-proxy-accepts-dead-app";

inline constexpr std::string_view https_to_plain = "https-to-plain";
inline constexpr std::string_view plain_to_https = "plain-to-https";
inline constexpr std::string_view sni_missing = "sni-missing";
inline constexpr std::string_view sni_wrong = "sni-wrong";
inline constexpr std::string_view verify_failed = "verify-failed";
inline constexpr std::string_view name_mismatch = "name-mismatch";
inline constexpr std::string_view mtls_required = "mtls-required";
inline constexpr std::string_view protocol_version = "protocol-version";
inline constexpr std::string_view cipher_mismatch = "cipher-mismatch";
inline constexpr std::string_view tls_chain_reset = "tls-chain-reset";
inline constexpr std::string_view http_to_fastcgi = "http-to-fastcgi";
inline constexpr std::string_view fastcgi_to_http = "fastcgi-to-http";
inline constexpr std::string_view grpc_to_http1 = "grpc-to-http1";
inline constexpr std::string_view http1_to_h2c = "http1-to-h2c";
inline constexpr std::string_view non_http_service = "non-http-service";

} // namespace upstream_lint::cause
