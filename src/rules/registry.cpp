#include "rules/registry.hpp"

#include "rules/rules.hpp"

#include <algorithm>
#include <array>

namespace upstream_lint {

namespace {

constexpr std::array registry = {
    // configuration
    &rules::host_not_found_at_load,
    &rules::all_peers_down,
    &rules::only_backup_peers,
    &rules::empty_upstream,
    &rules::upstream_name_with_port,
    &rules::undefined_upstream_name,
    &rules::missing_port_defaults,
    &rules::unix_target_shape,
    &rules::invalid_target_from_variables,
    &rules::proxy_loop,
    &rules::next_upstream_off,
    &rules::auth_request_backend_down,
    &rules::error_page_masks_502,
    &rules::nginx_made_503,
    &rules::loaded_config_differs,
    &rules::template_not_rendered,
    &rules::buffer_sizes_inconsistent,
    &rules::proxy_bind_not_local,
    &rules::lb_directive_order,
    &rules::mirror_or_background_target_dead,
    &rules::refused_by_nginx,
    // unix sockets
    &rules::socket_missing,
    &rules::socket_path_mismatch,
    &rules::socket_stale_file,
    &rules::target_not_a_socket,
    &rules::socket_wrong_type,
    &rules::socket_symlink_dangling,
    &rules::runtime_dir_not_created,
    &rules::bind_mounted_socket_file_stale,
    &rules::socket_not_shared_with_container,
    &rules::private_tmp_hides_socket,
    &rules::unix_backlog_full,
    &rules::socket_stolen_by_second_instance,
    // listeners
    &rules::no_listener,
    &rules::wrong_port,
    &rules::listener_on_other_address,
    &rules::localhost_ipv6,
    &rules::ipv6_unusable,
    &rules::firewall_drop,
    &rules::firewall_reject,
    &rules::host_unreachable,
    &rules::no_route,
    &rules::port_owned_by_other_program,
    &rules::tcp_accept_queue_full,
    &rules::wildcard_target,
    // names
    &rules::stale_dns,
    &rules::no_resolver,
    &rules::resolver_unreachable,
    &rules::resolver_short_name,
    &rules::resolver_ignores_hosts_file,
    &rules::resolver_servfail,
    &rules::mixed_resolvers,
    &rules::resolve_prerequisites,
    &rules::search_domain_hijack,
    &rules::dns_partial_dead,
    &rules::aaaa_answer_unusable,
    &rules::resolver_config_invalid,
    &rules::resolver_name_unknown,
    // containers
    &rules::container_loopback_target,
    &rules::backend_binds_loopback,
    &rules::published_port_inside,
    &rules::port_not_published,
    &rules::host_firewall_blocks_bridge,
    &rules::published_port_rules_lost,
    &rules::no_shared_network,
    &rules::inter_container_traffic_off,
    &rules::service_name_mismatch,
    &rules::default_bridge_no_dns,
    &rules::container_not_running,
    &rules::container_starting_or_unhealthy,
    &rules::container_paused,
    &rules::container_oom,
    &rules::host_service_loopback_only,
    &rules::network_mode_host_breaks_names,
    &rules::netns_owner_restarted,
    &rules::hardcoded_container_ip,
    &rules::published_on_other_address,
    &rules::docker_proxy_accepts_dead_app,
    &rules::duplicate_alias,
    &rules::podman_rootless,
    &rules::subnet_overlap,
    // permissions
    &rules::socket_mode_denied,
    &rules::parent_dir_not_traversable,
    &rules::group_not_effective,
    &rules::selinux_network,
    &rules::selinux_socket,
    &rules::apparmor_denied,
    &rules::container_uid_mismatch,
    &rules::temp_dir_not_writable,
    // tls
    &rules::https_to_plain,
    &rules::plain_to_https,
    &rules::sni_missing,
    &rules::sni_wrong,
    &rules::verify_failed,
    &rules::name_mismatch,
    &rules::mtls_required,
    &rules::protocol_version,
    &rules::cipher_mismatch,
    &rules::tls_chain_reset,
    // protocols
    &rules::http_to_fastcgi,
    &rules::fastcgi_to_http,
    &rules::grpc_to_http1,
    &rules::http1_to_h2c,
    &rules::non_http_service,
};

} // namespace

std::span<const Rule* const> registered_rules() {
    return registry;
}

std::span<const RuleInfo* const> all_rules() {
    static const auto infos = [] {
        std::array<const RuleInfo*, registry.size()> list{};
        std::ranges::transform(registry, list.begin(),
                               [](const Rule* rule) { return &rule->info; });
        return list;
    }();
    return infos;
}

const RuleInfo* find_rule(std::string_view id) {
    const auto found =
        std::ranges::find(all_rules(), id, [](const RuleInfo* rule) { return rule->id; });
    return found == all_rules().end() ? nullptr : *found;
}

} // namespace upstream_lint
