#include "rules/name_servers.hpp"

#include "config/ascii.hpp"
#include "resolve/inherited_setting.hpp"
#include "rules/shell_word.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 13> not_open = {
    "0.0.0.0/8",     "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
    "172.16.0.0/12", "192.168.0.0/16", "::1/128",       "::/128",      "fc00::/7",
    "fe80::/10",     "::ffff:0:0/96",  "fec0::/10"};

} // namespace

NameServerKind name_server_kind(std::string_view text) {
    const auto address = parse_address_and_port(text);
    if (!address) {
        const bool is_cluster = text.find("kube-dns") != std::string_view::npos ||
                                text.find("coredns") != std::string_view::npos;
        return is_cluster ? NameServerKind::cluster : NameServerKind::unknown;
    }
    const std::string plain = address_text(*address);
    if (plain == "127.0.0.11") {
        return NameServerKind::embedded;
    }
    if (plain == "127.0.0.53" || plain == "127.0.0.54") {
        return NameServerKind::hosts_file;
    }
    return is_public(*address) ? NameServerKind::open : NameServerKind::unknown;
}

bool is_public(const SocketAddress& address) {
    return std::ranges::none_of(not_open, [&](std::string_view text) {
        const auto network = parse_cidr(text);
        return network && network->address.family == address.family &&
               is_in_network(address, *network);
    });
}

DirectiveRef resolver_at(const Model& model, const GraphTarget& target, const GraphEdge& edge) {
    if (!target.upstream.is_none() && !model.upstream(target.upstream).resolver.is_none()) {
        return model.upstream(target.upstream).resolver;
    }
    LocationId level = edge.level;
    while (!target.upstream.is_none() && !model.location(level).parent.is_none()) {
        level = model.location(level).parent;
    }
    const Setting* const found = find_inherited_setting(model, level, "resolver");
    return found == nullptr ? DirectiveRef() : found->directive;
}

std::string ask_command(const Probe& probe) {
    if (probe.resolvers.empty()) {
        return {};
    }
    const std::string_view first = probe.resolvers.front();
    const std::size_t colon = first.rfind(':');
    std::string_view host = first.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) {
        host = host.substr(1, host.size() - 2);
    }
    const std::string_view port =
        colon == std::string_view::npos ? std::string_view("53") : first.substr(colon + 1);
    return fmt::format("dig @{} -p {} {} {}", shell_word(host), shell_word(port),
                       shell_word(probe.subject), probe.service.empty() ? "A" : "SRV");
}

bool need_full_names(std::span<const std::string> resolvers) {
    return !resolvers.empty() && std::ranges::all_of(resolvers, [](std::string_view resolver) {
        const NameServerKind kind = name_server_kind(resolver);
        return kind == NameServerKind::open || kind == NameServerKind::cluster;
    });
}

bool is_short_name(std::string_view name) {
    return name.find('.') == std::string_view::npos;
}

bool is_local_name(std::string_view name) {
    constexpr std::array<std::string_view, 4> names = {"localhost", "localhost.localdomain",
                                                       "ip6-localhost", "host.docker.internal"};
    return std::ranges::any_of(names, [&](auto known) { return equal_ignoring_case(name, known); });
}

} // namespace upstream_lint
