#pragma once

#include "rules/rule_context.hpp"

namespace upstream_lint::rules {

// A line for each file of the groups' folders; registry.cpp puts them in order.

extern const Rule host_not_found_at_load;
extern const Rule all_peers_down;
extern const Rule only_backup_peers;
extern const Rule empty_upstream;
extern const Rule upstream_name_with_port;
extern const Rule undefined_upstream_name;
extern const Rule missing_port_defaults;
extern const Rule unix_target_shape;
extern const Rule invalid_target_from_variables;
extern const Rule proxy_loop;
extern const Rule next_upstream_off;
extern const Rule auth_request_backend_down;
extern const Rule error_page_masks_502;
extern const Rule nginx_made_503;
extern const Rule loaded_config_differs;
extern const Rule template_not_rendered;
extern const Rule buffer_sizes_inconsistent;
extern const Rule proxy_bind_not_local;
extern const Rule lb_directive_order;
extern const Rule mirror_or_background_target_dead;
extern const Rule refused_by_nginx;

extern const Rule socket_missing;
extern const Rule socket_path_mismatch;
extern const Rule socket_stale_file;
extern const Rule target_not_a_socket;
extern const Rule socket_wrong_type;
extern const Rule socket_symlink_dangling;
extern const Rule runtime_dir_not_created;
extern const Rule bind_mounted_socket_file_stale;
extern const Rule socket_not_shared_with_container;
extern const Rule private_tmp_hides_socket;
extern const Rule unix_backlog_full;
extern const Rule socket_stolen_by_second_instance;

extern const Rule no_listener;
extern const Rule wrong_port;
extern const Rule listener_on_other_address;
extern const Rule localhost_ipv6;
extern const Rule ipv6_unusable;
extern const Rule firewall_drop;
extern const Rule firewall_reject;
extern const Rule host_unreachable;
extern const Rule no_route;
extern const Rule port_owned_by_other_program;
extern const Rule tcp_accept_queue_full;
extern const Rule wildcard_target;

extern const Rule stale_dns;
extern const Rule no_resolver;
extern const Rule resolver_unreachable;
extern const Rule resolver_short_name;
extern const Rule resolver_ignores_hosts_file;
extern const Rule resolver_servfail;
extern const Rule mixed_resolvers;
extern const Rule resolve_prerequisites;
extern const Rule search_domain_hijack;
extern const Rule dns_partial_dead;
extern const Rule aaaa_answer_unusable;
extern const Rule resolver_config_invalid;
extern const Rule resolver_name_unknown;

extern const Rule container_loopback_target;
extern const Rule backend_binds_loopback;
extern const Rule published_port_inside;
extern const Rule port_not_published;
extern const Rule host_firewall_blocks_bridge;
extern const Rule published_port_rules_lost;
extern const Rule no_shared_network;
extern const Rule podman_rootless;
extern const Rule inter_container_traffic_off;
extern const Rule service_name_mismatch;
extern const Rule default_bridge_no_dns;
extern const Rule container_not_running;
extern const Rule container_starting_or_unhealthy;
extern const Rule container_paused;
extern const Rule container_oom;
extern const Rule host_service_loopback_only;
extern const Rule network_mode_host_breaks_names;
extern const Rule netns_owner_restarted;
extern const Rule hardcoded_container_ip;
extern const Rule published_on_other_address;
extern const Rule docker_proxy_accepts_dead_app;
extern const Rule duplicate_alias;
extern const Rule podman_rootless;
extern const Rule subnet_overlap;

extern const Rule socket_mode_denied;
extern const Rule parent_dir_not_traversable;
extern const Rule group_not_effective;
extern const Rule selinux_network;
extern const Rule selinux_socket;
extern const Rule apparmor_denied;
extern const Rule container_uid_mismatch;
extern const Rule temp_dir_not_writable;

extern const Rule https_to_plain;
extern const Rule plain_to_https;
extern const Rule sni_missing;
extern const Rule sni_wrong;
extern const Rule verify_failed;
extern const Rule name_mismatch;
extern const Rule mtls_required;
extern const Rule protocol_version;
extern const Rule cipher_mismatch;
extern const Rule tls_chain_reset;

extern const Rule http_to_fastcgi;
extern const Rule fastcgi_to_http;
extern const Rule grpc_to_http1;
extern const Rule http1_to_h2c;
extern const Rule non_http_service;

} // namespace upstream_lint::rules
