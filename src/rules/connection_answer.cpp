#include "rules/connection_answer.hpp"

#include "rules/backend.hpp"
#include "rules/causes.hpp"
#include "rules/exchange_answer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

class Connection {
public:
    Connection(const SocketAddress& address, const ConnectFacts& connect,
               const Perspective& perspective, const FactIndex& facts) :
        address_(address),
        connect_(connect), subject_(connect.target), perspective_(perspective), facts_(facts) {}

    [[nodiscard]] ProbeAnswer with(ProbeAnswer tables) const {
        if (connect_.reading.is_complete() && connect_.error.empty()) {
            return has_answered() ? of_answered(std::move(tables))
                                  : of_connected(std::move(tables));
        }
        if (tables.verdict == Verdict::violated) {
            return tables;
        }
        ProbeAnswer answer = of_error(tables);
        answer.evidence = std::move(tables.evidence);
        answer.listener = tables.listener;
        answer.container = tables.container;
        answer.port = tables.port;
        answer.network = tables.network;
        return answer;
    }

private:
    /// Who answers a request is there, whatever tables say.
    [[nodiscard]] bool has_answered() const {
        return std::ranges::any_of(
            facts_.exchanges(connect_.perspective, connect_.target),
            [](const ConnectFacts* connect) { return is_answered(*connect); });
    }

    static ProbeAnswer of_answered(ProbeAnswer tables) {
        tables.verdict = Verdict::satisfied;
        tables.cause = {};
        tables.reason.clear();
        tables.culprit.clear();
        return tables;
    }

    /// Linux makes connections for programs that do not answer, and proxies of containers do so for
    /// nobody.
    static ProbeAnswer of_connected(ProbeAnswer tables) {
        const bool is_lost_behind_proxy =
            tables.cause == cause::netns_owner_restarted && tables.port != nullptr;
        if (tables.cause == cause::docker_proxy_accepts_dead_app ||
            tables.cause == cause::container_paused ||
            tables.cause == cause::backend_binds_loopback || is_lost_behind_proxy) {
            return tables;
        }
        return of_answered(std::move(tables));
    }

    [[nodiscard]] ProbeAnswer of_error(const ProbeAnswer& tables) const {
        const std::string_view error = connect_.error;
        if (connect_.reading.status == ReadStatus::timeout || error == "ETIMEDOUT") {
            return filtered(tables, "nobody answers there",
                            violated(cause::firewall_drop,
                                     fmt::format("nobody answered at {}", subject_),
                                     Confidence::likely));
        }
        if (error == "ECONNREFUSED") {
            return tables.verdict == Verdict::satisfied
                       ? filtered(tables, "connections are refused",
                                  violated(cause::firewall_reject,
                                           fmt::format("somebody listens on {}, but connections "
                                                       "are refused",
                                                       subject_),
                                           Confidence::likely))
                       : violated(cause::no_listener,
                                  fmt::format("nobody listens on {}", subject_));
        }
        if (error == "EHOSTUNREACH") {
            return of_unreachable(tables);
        }
        if (is_way_missing(error)) {
            const bool is_ipv6 = address_.family == AddressFamily::inet6;
            return violated(is_ipv6 ? cause::ipv6_unusable : cause::no_route,
                            fmt::format("there is no way from here to {} ({})", subject_, error));
        }
        if (error == "EACCES" && facts_.snapshot().selinux_enforcing.value_or(false)) {
            return violated(cause::selinux_network,
                            fmt::format("connections to {} are forbidden", subject_),
                            Confidence::likely);
        }
        return unknown(fmt::format("connecting to {} failed: {}", subject_,
                                   error.empty() ? reason_of(connect_.reading) : connect_.error));
    }

    /// Of IPv4, EADDRNOTAVAIL says that no port is left to connect from.
    [[nodiscard]] bool is_way_missing(std::string_view error) const {
        return error == "ENETUNREACH" || (address_.family == AddressFamily::inet6 &&
                                          (error == "EADDRNOTAVAIL" || error == "EINVAL"));
    }

    /// Something keeps the packets from a listener, and it is known which filter they have to come
    /// through; else `otherwise`.
    [[nodiscard]] ProbeAnswer filtered(const ProbeAnswer& tables, std::string_view said,
                                       ProbeAnswer otherwise) const {
        if (tables.verdict != Verdict::satisfied) {
            return otherwise;
        }
        if (tables.port != nullptr && tables.container != nullptr) {
            return violated(cause::published_port_rules_lost,
                            fmt::format("{} is published by {}, whose program listens, but {}",
                                        subject_, name_of(*tables.container), said),
                            Confidence::hint);
        }
        const bool is_host_of_container = perspective_.container != nullptr &&
                                          tables.network == facts_.host_network() &&
                                          tables.network != perspective_.network;
        return is_host_of_container
                   ? violated(cause::host_firewall_blocks_bridge,
                              fmt::format("{} is the host of nginx's container, where somebody "
                                          "listens, but {}",
                                          subject_, said),
                              Confidence::likely)
                   : otherwise;
    }

    /// Linux asks for a neighbour for about three seconds; a packet filter answers at once.
    [[nodiscard]] ProbeAnswer of_unreachable(const ProbeAnswer& tables) const {
        constexpr double at_once = 900;
        if (connect_.milliseconds && *connect_.milliseconds < at_once) {
            return filtered(tables, "connections are turned away",
                            violated(cause::firewall_reject,
                                     fmt::format("connections to {} are turned away", subject_),
                                     Confidence::likely));
        }
        return violated(cause::host_unreachable,
                        fmt::format("the host of {} does not answer", subject_),
                        connect_.milliseconds ? Confidence::proven : Confidence::likely);
    }

    const SocketAddress& address_;
    const ConnectFacts& connect_;
    std::string_view subject_;
    const Perspective& perspective_;
    const FactIndex& facts_;
};

std::string outcome_of(const ConnectFacts& connect) {
    if (!connect.error.empty()) {
        return connect.error;
    }
    return connect.reading.is_complete() ? "made" : "nobody answered in time";
}

} // namespace

ProbeAnswer answer_connection(const SocketAddress& address, const ConnectFacts& connect,
                              ProbeAnswer tables, const Perspective& perspective,
                              const FactIndex& facts) {
    ProbeAnswer answer = Connection(address, connect, perspective, facts).with(std::move(tables));
    answer.connect = &connect;
    answer.asks_for_connection = false;
    answer.evidence.push_back({.fact = fmt::format("connection to {}", connect.target),
                               .value = outcome_of(connect),
                               .source = connect.reading.source,
                               .status = std::string(read_status_name(connect.reading.status))});
    for (const ConnectFacts* const exchange :
         facts.exchanges(connect.perspective, connect.target)) {
        add_exchange_evidence(*exchange, answer.evidence);
    }
    return answer;
}

} // namespace upstream_lint
