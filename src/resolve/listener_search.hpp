#pragma once

#include "resolve/assumptions.hpp"
#include "resolve/server_choice.hpp"
#include "upstream_lint/model.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

/// Which listener takes a connection, where what is not known has to be supposed.
namespace upstream_lint {

/// `ADDRESS:PORT`, `ADDRESS`, `unix:/path`. The path is of the text.
[[nodiscard]] std::optional<SocketAddress> parse_socket_address(std::string_view text);

/// Of a connection that arrives at an address. None: nothing listens there.
[[nodiscard]] ListenerId find_listener(const Model& model, const ServerChoice& servers,
                                       const Arrival& arrival, Assumptions& assumptions);

/// Of a connection to a port: the one on all addresses, IPv4 before IPv6; else one of the
/// addresses.
[[nodiscard]] ListenerId find_listener_on_port(const Model& model, const ServerChoice& servers,
                                               const Arrival& arrival, Assumptions& assumptions);

} // namespace upstream_lint
