#include "resolve/access_rules.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint {

bool is_client_in(const AccessRule& rule, const std::optional<SocketAddress>& client,
                  Assumptions& assumptions) {
    const bool is_unix = rule.kind == AccessRule::Kind::unix_socket;
    if (rule.kind == AccessRule::Kind::all) {
        return true;
    }
    if (!client) {
        const std::string network =
            is_unix ? "a unix socket"
                    : fmt::format("{}/{}", address_text(rule.network.address), rule.network.length);
        return assumptions.holds("the client's address is in " + network,
                                 "the client's address is not in " + network);
    }
    return is_unix ? client->family == AddressFamily::unix_socket
                   : is_in_network(*client, rule.network);
}

} // namespace upstream_lint
