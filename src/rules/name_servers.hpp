#pragma once

#include "upstream_lint/address.hpp"
#include "upstream_lint/graph.hpp"
#include "upstream_lint/model.hpp"
#include "upstream_lint/probe.hpp"

#include <span>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What names a name server knows, as far as its address tells.
enum class NameServerKind {
    embedded,   ///< of Docker: containers and services of the same network
    hosts_file, ///< systemd-resolved: those of /etc/hosts, too
    cluster,    ///< of Kubernetes, by its name: full names alone
    open,       ///< on the Internet: what everybody knows
    unknown,    ///< anything: in a private network, or a name
};

/// `address` as `resolver` has it, with or without a port.
[[nodiscard]] NameServerKind name_server_kind(std::string_view address);

/// An address that has its place on the Internet: of no private network, no loopback one.
[[nodiscard]] bool is_public(const SocketAddress& address);

/// The `resolver` that the names of a target are asked from where an edge stands; none: there is
/// none.
[[nodiscard]] DirectiveRef resolver_at(const Model& model, const GraphTarget& target,
                                       const GraphEdge& edge);

/// The command that asks the first of them for a name.
[[nodiscard]] std::string ask_command(const Probe& probe);

/// Whether all of them are such that nobody there knows a name of one label.
[[nodiscard]] bool need_full_names(std::span<const std::string> resolvers);

/// A name of one label: `app`. nginx's `resolver` completes none.
[[nodiscard]] bool is_short_name(std::string_view name);

/// `localhost` and other names that stand in the hosts file alone.
[[nodiscard]] bool is_local_name(std::string_view name);

} // namespace upstream_lint
