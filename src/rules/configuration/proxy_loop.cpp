#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "upstream_lint/routes.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>

namespace upstream_lint {

namespace {

/// Whether a connection to an address gets to a listener without leaving the machine.
bool takes(const Listener& listener, const SocketAddress& address, bool is_local) {
    if (listener.is_datagram || !listener.host.empty() || listener.address.port != address.port ||
        listener.address.family != address.family) {
        return false;
    }
    return address.family == AddressFamily::unix_socket
               ? listener.address.path == address.path
               : listener.address.bytes == address.bytes ||
                     (listener.address.is_wildcard() && is_local);
}

bool is_loopback(const SocketAddress& address) {
    static const auto inet = parse_cidr("127.0.0.0/8");
    static const auto inet6 = parse_cidr("::1/128");
    return (address.family == AddressFamily::inet && is_in_network(address, *inet)) ||
           (address.family == AddressFamily::inet6 && is_in_network(address, *inet6));
}

class Loops {
public:
    explicit Loops(const RuleContext& context) : context_(context), router_(context.model) {}

    void add(const RuleInfo& info, std::vector<Finding>& findings) {
        find_own_targets();
        if (own_.empty()) {
            return;
        }
        std::set<DirectiveRef> seen;
        for (const Route& route : find_routes(context_.model).routes) {
            if (!route.example || seen.contains(route.pass)) {
                continue;
            }
            if (const auto loop = loop_of(*route.example)) {
                seen.insert(route.pass);
                findings.push_back(finding(info, route, *loop));
            }
        }
    }

private:
    [[nodiscard]] bool is_local(const SocketAddress& address) const {
        if (is_loopback(address)) {
            return true;
        }
        const NetworkNamespace* const network = context_.perspective.network;
        return network != nullptr &&
               std::ranges::any_of(network->addresses, [&](const InterfaceAddress& own) {
                   return own.address.family == address.family &&
                          own.address.bytes == address.bytes;
               });
    }

    [[nodiscard]] bool is_own(std::string_view text) const {
        const bool is_unix = text.starts_with("unix:");
        const auto parsed = is_unix
                                ? std::optional(SocketAddress{.family = AddressFamily::unix_socket,
                                                              .path = text.substr(5)})
                                : parse_address_and_port(text);
        if (!parsed) {
            return false;
        }
        const bool local = is_unix || is_local(*parsed);
        return std::ranges::any_of(context_.model.listeners(), [&](const Listener& listener) {
            return listener.protocol == Protocol::http && takes(listener, *parsed, local);
        });
    }

    void find_own_targets() {
        for (const GraphTarget& target : context_.graph.targets) {
            for (const Peer& peer : target.peers) {
                if (!peer.down && is_own(peer.address)) {
                    own_.insert(peer.address);
                }
            }
        }
    }

    /// The listener at which the request arrives that nginx makes of the example, if that takes
    /// the same way.
    [[nodiscard]] std::optional<std::string> loop_of(const RouteExample& example) {
        const Answer first = router_.route(example.request);
        const Outcome& outcome = first.outcome;
        const bool is_http =
            outcome.kind == Outcome::Kind::proxy || outcome.kind == Outcome::Kind::grpc;
        if (!is_http || !outcome.upstream_uri || !first.request.host || outcome.peers.size() != 1 ||
            !own_.contains(outcome.peers.front().address)) {
            return std::nullopt;
        }
        const std::string& address = outcome.peers.front().address;
        Request next;
        next.url = fmt::format("http://{}{}", *first.request.host, *outcome.upstream_uri);
        next.target = outcome.upstream_uri;
        next.method = first.request.method.value_or(example.request.method);
        next.connect = address;
        next.client = example.request.client;
        const Answer second = router_.route(next);
        const bool is_same = second.certainty == Certainty::exact &&
                             second.server == first.server && second.location == first.location &&
                             second.block == first.block && second.outcome == first.outcome;
        return is_same ? std::optional(address) : std::nullopt;
    }

    [[nodiscard]] Finding finding(const RuleInfo& info, const Route& route,
                                  const std::string& address) const {
        Finding finding = finding_of(
            info, Confidence::likely,
            fmt::format("requests are passed to {}, where this same location answers", address));
        finding.places.push_back(place_of(context_.model, route.pass));
        for (std::uint32_t i = 0; i < context_.graph.edges.size(); ++i) {
            if (context_.graph.edges[i].directive == route.pass) {
                finding.edges.push_back(i);
            }
        }
        finding.notes.emplace_back(
            "each request makes nginx ask itself again, until `worker_connections are not enough`");
        finding.notes.push_back(fmt::format("found with {}", route.example->request.url));
        return finding;
    }

    const RuleContext& context_;
    Router router_;
    std::set<std::string> own_;
};

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    Loops(context).add(info, findings);
}

} // namespace

const Rule rules::proxy_loop = {
    .info = {.id = "proxy-loop",
             .catalogue = "A11",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::likely,
             .summary = "a location passes its requests to itself",
             .explanation =
                 R"(nginx connects to its own listener, where the same location answers, and so on.
In the end it logs `worker_connections are not enough` and answers 500 or 502, and other requests suffer.

The target has to be an address on which this configuration listens and that the host has. Then an
example of a request is followed through the configuration, and what nginx would send is followed again:
it has to end in the same location with the same target, without anything that is not known.

**Repair.** Write the port on which the application listens, or a name with `proxy_set_header Host` that
another server has.

**Silent** where another location or server answers the second time; about groups with several servers;
about addresses that are not known to be the host's own.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:80;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:8080;
        }
    }
    server {
        listen 127.0.0.1:8080;
        location / {
            root /srv/www;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
