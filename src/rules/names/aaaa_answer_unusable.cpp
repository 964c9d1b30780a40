#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// An address of IPv6 that gets beyond the host and the link.
bool is_usable(const SocketAddress& address) {
    static const auto link = parse_cidr("fe80::/10");
    static const auto loopback = parse_cidr("::1/128");
    return address.family == AddressFamily::inet6 && !is_in_network(address, *link) &&
           !is_in_network(address, *loopback);
}

bool has_ipv6(const NetworkNamespace& network) {
    return std::ranges::any_of(network.addresses, is_usable, &InterfaceAddress::address);
}

/// The answer with addresses of IPv6, or null.
const DnsAnswer* find_answer(const RuleContext& context, const Probe& probe) {
    const auto& answers = context.snapshot().dns.answers;
    const auto found = std::ranges::find_if(answers, [&](const DnsAnswer& answer) {
        return answer.name == probe.subject && answer.type == "AAAA" &&
               std::ranges::any_of(answer.addresses, is_usable) &&
               std::ranges::find(probe.resolvers, answer.resolver) != probe.resolvers.end();
    });
    return found == answers.end() ? nullptr : &*found;
}

/// Every `resolver` that is asked says `ipv6=off`.
bool is_off(const RuleContext& context, const std::vector<Fault::Asker>& askers) {
    return std::ranges::all_of(askers, [&](const Fault::Asker& asker) {
        const GraphTarget& target = context.graph.target(asker.target);
        return std::ranges::all_of(target.edges, [&](GraphEdgeId id) {
            const DirectiveRef resolver =
                resolver_at(context.model, target, context.graph.edge(id));
            if (resolver.is_none()) {
                return true;
            }
            const auto words = context.model.words(resolver);
            return std::ranges::find(words, "ipv6=off") != words.end();
        });
    });
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const NetworkNamespace* const network = context.perspective.network;
    if (network == nullptr || !network->addresses_reading.is_complete() || has_ipv6(*network)) {
        return;
    }
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        const bool is_possible = probe.kind == Probe::Kind::resolver_name &&
                                 context.judgement.answers[i].verdict != Verdict::violated;
        if (!is_possible || find_answer(context, probe) == nullptr) {
            continue;
        }
        const Fault question = question_of(context, {i});
        if (is_off(context, question.askers)) {
            continue;
        }
        Finding finding = finding_of(
            context, info, question, Confidence::likely,
            fmt::format("{} has addresses of IPv6, which this host cannot reach", probe.subject));
        finding.evidence.push_back({.fact = "addresses of nginx's network namespace",
                                    .value = "none of IPv6",
                                    .source = network->addresses_reading.source});
        finding.notes.emplace_back("`resolver ... ipv6=off` leaves them out");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::aaaa_answer_unusable = {
    .info =
        {.id = "aaaa-answer-unusable",
         .catalogue = "D11",
         .group = RuleGroup::names,
         .impact = Impact::med,
         .confidence = Confidence::likely,
         .summary = "a name has addresses of IPv6 and the host has none",
         .explanation =
             R"(nginx asks `resolver` for both kinds of addresses and takes them in turn. Without IPv6 it logs
`connect() to [2001:db8::7]:443 failed (101: Network is unreachable)` and goes on to the next; where all
are of IPv6 it answers 502.

It is likely where the host has no address of IPv6 but those of the link and the loopback.

**Repair.** `resolver ... ipv6=off;`, and reload nginx.

**Silent** with `ipv6=off`; where the addresses of the host could not all be read.
)",
         .bad = {.conf = R"(events { }
http {
    resolver 192.0.2.53;
    server {
        listen 80;
        location / {
            set $backend app.example;
            proxy_pass https://$backend;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {"id": "1", "addresses": ["127.0.0.1/8", "::1/128", "192.0.2.4/24"], "readings": {"addresses": "ok"}}
  ],
  "dns": {
    "resolver_queries": [
      {
        "perspective": "1",
        "resolver": "192.0.2.53:53",
        "name": "app.example",
        "qtype": "A",
        "status": "ok",
        "rcode": "NOERROR",
        "addrs": ["203.0.113.7"]
      },
      {
        "perspective": "1",
        "resolver": "192.0.2.53:53",
        "name": "app.example",
        "qtype": "AAAA",
        "status": "ok",
        "rcode": "NOERROR",
        "addrs": ["2001:db8::7"]
      }
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    resolver 192.0.2.53 ipv6=off;
    server {
        listen 80;
        location / {
            set $backend app.example;
            proxy_pass https://$backend;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {"id": "1", "addresses": ["127.0.0.1/8", "::1/128", "192.0.2.4/24"], "readings": {"addresses": "ok"}}
  ],
  "dns": {
    "resolver_queries": [
      {
        "perspective": "1",
        "resolver": "192.0.2.53:53",
        "name": "app.example",
        "qtype": "A",
        "status": "ok",
        "rcode": "NOERROR",
        "addrs": ["203.0.113.7"]
      },
      {
        "perspective": "1",
        "resolver": "192.0.2.53:53",
        "name": "app.example",
        "qtype": "AAAA",
        "status": "ok",
        "rcode": "NOERROR",
        "addrs": ["2001:db8::7"]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
