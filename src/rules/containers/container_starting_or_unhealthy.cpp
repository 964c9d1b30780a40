#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const auto common = [](ProbeId, const ProbeAnswer& answer) {
        const Container* const container = answer.container;
        const bool is_weak = container != nullptr && container->status == "running" &&
                             answer.verdict != Verdict::violated &&
                             (container->health == "unhealthy" || container->health == "starting");
        return is_weak ? container->id : std::string();
    };
    for (const Fault& group : group_questions(context, common)) {
        const ProbeAnswer& answer = context.judgement.answer(group.probes.front());
        const Container& container = *answer.container;
        Finding finding = finding_of(context, info, group, Confidence::likely,
                                     fmt::format("the container {} is {}", name_of(container),
                                                 container.health == "starting"
                                                     ? "still starting, its check of health says"
                                                     : "unhealthy, its check says"));
        if (!container.health_output.empty()) {
            finding.notes.push_back(fmt::format("the check said: {}", container.health_output));
        }
        finding.notes.push_back(fmt::format(
            "its log: {}", log_command(find_backend(answer, context.facts), context.facts)));
        finding.verify = engine_command(container, "inspect -f '{{.State.Health.Status}}'");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::container_starting_or_unhealthy = {
    .info =
        {.id = "container-starting-or-unhealthy",
         .catalogue = "E09",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "the container that answers is not healthy",
         .explanation =
             R"(Whoever answers does so badly or not yet: 502, 503, or slow answers. Compose goes on sending
requests there.

It is likely where the engine's check of health says so. It may also be the check that is wrong: one
that calls `curl` in an image without it fails of a good program.

**Repair.** Read what the check last said, and the container's log.

**Silent** about containers without a check.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:8080;
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
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8080, "comm": "docker-proxy"}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8", "172.18.0.4/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 80}],
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
        "state": {"status": "running", "health": "unhealthy"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop_default",
            "id": "a1",
            "ipv4": "172.18.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ],
        "ports": [{"port": 80, "host_port": 8080}]
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
            proxy_pass http://127.0.0.1:8080;
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
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8080, "comm": "docker-proxy"}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8", "172.18.0.4/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 80}],
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
        "state": {"status": "running", "health": "healthy"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop_default",
            "id": "a1",
            "ipv4": "172.18.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ],
        "ports": [{"port": 80, "host_port": 8080}]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
