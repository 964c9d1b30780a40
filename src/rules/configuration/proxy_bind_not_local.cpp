#include "resolve/inherited_setting.hpp"
#include "rules/fault_finding.hpp"
#include "rules/pass_module.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace upstream_lint {

namespace {

struct Binding {
    std::string address;
    std::vector<GraphEdgeId> edges;
};

/// The address that connections come from; none: any, or nobody knows.
std::optional<SocketAddress> bound_address(const std::vector<std::string>& words) {
    const bool is_transparent = words.size() > 2;
    return is_transparent ? std::nullopt : parse_address_and_port(words[1]);
}

/// All of 127.0.0.0/8 is the host's where one of it is.
bool has_address(const NetworkNamespace& network, const SocketAddress& address) {
    static const auto loopback = parse_cidr("127.0.0.0/8");
    return std::ranges::any_of(network.addresses, [&](const InterfaceAddress& own) {
        if (own.address.family != address.family) {
            return false;
        }
        return own.address.bytes == address.bytes ||
               (is_in_network(own.address, *loopback) && is_in_network(address, *loopback));
    });
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const NetworkNamespace* const network = context.perspective.network;
    if (network == nullptr || !network->addresses_reading.is_complete()) {
        return;
    }
    std::map<DirectiveRef, Binding> bindings;
    for (std::uint32_t i = 0; i < context.graph.edges.size(); ++i) {
        const GraphEdge& edge = context.graph.edges[i];
        const std::string_view module = pass_module(edge.kind);
        const Setting* const setting =
            module.empty()
                ? nullptr
                : find_inherited_setting(context.model, edge.level, fmt::format("{}_bind", module));
        if (setting == nullptr) {
            continue;
        }
        const auto address = bound_address(context.model.words(setting->directive));
        if (address && !address->is_wildcard() && !has_address(*network, *address)) {
            Binding& binding = bindings[setting->directive];
            binding.address = address_text(*address);
            binding.edges.push_back({i});
        }
    }
    for (const auto& [directive, binding] : bindings) {
        Finding finding = finding_of(info, Confidence::proven,
                                     fmt::format("{} is no address of this host", binding.address));
        finding.places.push_back(place_of(context.model, directive));
        for (const GraphEdgeId edge : binding.edges) {
            add_edge(finding, context, edge);
        }
        std::string own;
        for (const InterfaceAddress& each : network->addresses) {
            own += (own.empty() ? "" : ", ") + address_text(each.address);
        }
        finding.evidence.push_back({.fact = "addresses of nginx's network namespace",
                                    .value = own.empty() ? "none" : own,
                                    .source = network->addresses_reading.source});
        finding.notes.emplace_back("an address that moves between hosts may be at another now");
        finding.verify = fmt::format("ip -br address show to {}", binding.address);
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::proxy_bind_not_local = {
    .info = {.id = "proxy-bind-not-local",
             .catalogue = "A20",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "connections are to come from an address that the host does not have",
             .explanation =
                 R"(nginx answers 500 and logs
`[crit] bind(198.51.100.9) failed (99: Cannot assign requested address)` for each request.

It is proven by the addresses of nginx's network namespace. `fastcgi_bind` and its like are looked at,
too.

**Repair.** Write an address of the host, or `off`, and reload nginx. An address that moves between hosts
needs `net.ipv4.ip_nonlocal_bind`, and works only where it is.

**Silent** about `transparent` and variables; where the addresses could not all be read.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_bind 198.51.100.9;
            proxy_pass http://192.0.2.7:3000;
        }
    }
}
)",
                     .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "198.51.100.4/24"],
      "readings": {"addresses": "ok"}
    }
  ]
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_bind 198.51.100.9;
            proxy_pass http://192.0.2.7:3000;
        }
    }
}
)",
                      .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "198.51.100.9/24"],
      "readings": {"addresses": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
