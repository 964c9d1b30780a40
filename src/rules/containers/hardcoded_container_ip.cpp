#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

/// The container whose address a question names; null: it names none, or nobody has it.
const Container* container_of(const RuleContext& context, ProbeId id) {
    const Probe& probe = context.plan.probe(id);
    const auto address = parse_address_and_port(probe.subject);
    return probe.kind == Probe::Kind::listener && address ? context.facts.container_at(*address)
                                                          : nullptr;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back(
            "use the name of the container; from the host, a published port");
        finding.verify = connect_command(answer);
    });
    const auto common = [&](ProbeId id, const ProbeAnswer& answer) {
        const Container* const container = container_of(context, id);
        return container != nullptr && answer.verdict == Verdict::satisfied ? container->id
                                                                            : std::string();
    };
    for (const Fault& group : group_questions(context, common)) {
        const ProbeAnswer& answer = context.judgement.answer(group.probes.front());
        findings.push_back(finding_of(
            context, info, group, Confidence::hint,
            fmt::format(
                "{} is of the container {} now, and may be of another one when that is made "
                "anew",
                answer.subject, name_of(*container_of(context, group.probes.front())))));
    }
}

} // namespace

const Rule rules::hardcoded_container_ip = {
    .info =
        {.id = "hardcoded-container-ip",
         .catalogue = "E17",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "an address of a network of containers is written into the configuration",
         .explanation =
             R"(Engines give out addresses anew when containers are made, so the address belongs to nobody one day,
or to another container. nginx then answers 502 after three seconds and logs `connect() failed (113:
No route to host)`.

It is proven where no container has the address and all are known. An address that a container has
now is a hint only.

**Repair.** Use the name of the container; from the host, a published port.

**Silent** about networks that have other machines in them (macvlan, ipvlan), about addresses of the
host, and where an engine could not be asked.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.0.77:8000;
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
      "addresses": ["127.0.0.1/8", "192.0.2.10/24", "172.18.0.1/16"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["shop-app-1"],
        "project": "shop",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop_default",
            "id": "a1",
            "ipv4": "172.18.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ]
      }
    ],
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
            proxy_pass http://172.18.0.4:8000;
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
      "addresses": ["127.0.0.1/8", "192.0.2.10/24", "172.18.0.1/16"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8", "172.18.0.4/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "7a2b"
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["shop-app-1"],
        "project": "shop",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop_default",
            "id": "a1",
            "ipv4": "172.18.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ]
      }
    ],
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
)"}},
    .check = check};

} // namespace upstream_lint
