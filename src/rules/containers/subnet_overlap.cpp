#include "rules/fault_finding.hpp"
#include "rules/network_overlap.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <string>
#include <string_view>

namespace upstream_lint {

namespace {

struct Overlap {
    const EngineNetwork* network = nullptr;
    const InterfaceAddress* interface = nullptr;
};

Overlap overlap_at(const RuleContext& context, const Probe& probe) {
    const NetworkNamespace* const host = context.facts.host_network();
    const auto address = parse_address_and_port(probe.subject);
    if (probe.kind != Probe::Kind::listener || host == nullptr || !address) {
        return {};
    }
    for (const EngineNetwork& network : context.snapshot().containers.networks) {
        if (const InterfaceAddress* const found = find_overlap(network, *host, *address)) {
            return {&network, found};
        }
    }
    return {};
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const auto common = [&](ProbeId id, const ProbeAnswer& answer) {
        const Overlap found = answer.verdict == Verdict::satisfied
                                  ? Overlap()
                                  : overlap_at(context, context.plan.probe(id));
        return found.network == nullptr ? std::string() : found.network->id;
    };
    for (const Fault& group : group_questions(context, common)) {
        const Overlap found = overlap_at(context, context.plan.probe(group.probes.front()));
        Finding finding = finding_of(
            context, info, group, Confidence::likely,
            fmt::format("{} is in the network {} of containers, and in that of the interface {}",
                        context.judgement.answer(group.probes.front()).subject, found.network->name,
                        found.interface->interface));
        finding.notes.emplace_back("give the network of containers other addresses");
        const std::string_view subject = context.judgement.answer(group.probes.front()).subject;
        finding.verify = fmt::format("ip route get {}", subject.substr(0, subject.rfind(':')));
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::subnet_overlap = {
    .info =
        {.id = "subnet-overlap",
         .catalogue = "E26",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "a network of containers has the addresses of another network of the host",
         .explanation =
             R"(Linux sends packets for such an address to one of the two networks, and the other one is out of
reach: nginx answers 504, or 502 with `(113: No route to host)`.

It is likely where the address of a target is in a network of an engine and in that of another
interface of the host.

**Repair.** Give the engine's network other addresses (`ipam:`, `default-address-pools` of the
engine).

**Silent** about overlaps that no target is in; about networks that have other machines in them
(macvlan, ipvlan).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.9.9:8000;
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
      "addresses": [
        "127.0.0.1/8",
        {"address": "172.18.8.1/22", "interface": "eth1"},
        {"address": "172.18.0.1/16", "interface": "br-a1"}
      ],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [],
    "networks": [
      {
        "name": "shop_default",
        "id": "a1",
        "driver": "bridge",
        "subnets": ["172.18.0.0/16"]
      }
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.9.9:8000;
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
      "addresses": [
        "127.0.0.1/8",
        {"address": "172.18.8.1/22", "interface": "eth1"},
        {"address": "172.19.0.1/16", "interface": "br-a1"}
      ],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [],
    "networks": [
      {
        "name": "shop_default",
        "id": "a1",
        "driver": "bridge",
        "subnets": ["172.19.0.0/16"]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
