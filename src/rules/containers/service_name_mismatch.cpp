#include "rules/backend.hpp"
#include "rules/candidates.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        add_candidates(finding, answer.candidates);
        if (answer.name != nullptr && context.perspective.container != nullptr) {
            finding.verify = fmt::format(
                "{} exec {} getent hosts {}", engine_of(*context.perspective.container),
                shell_word(name_of(*context.perspective.container)), shell_word(answer.name->name));
        }
    });
}

} // namespace

const Rule rules::service_name_mismatch = {
    .info =
        {.id = "service-name-mismatch",
         .catalogue = "E06",
         .group = RuleGroup::containers,
         .impact = Impact::crit,
         .confidence = Confidence::proven,
         .summary = "no container in nginx's networks has the name, and one has nearly that",
         .explanation =
             R"(nginx does not start, and a reload leaves the old configuration running: `[emerg] host not found in
upstream "NAME" in FILE:LINE`.

It is proven by asking as nginx does, in its container, and by the names of all containers in its
networks: services, aliases, names of containers.

**Repair.** Correct the name.

**Silent** about names with a dot; where nothing is called alike (`host-not-found-at-load`).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://backed:8000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {
    "instances": [{"master_pid": 812, "netns": "5", "mntns": "6", "container": "5f1e"}]
  },
  "netns": [
    {
      "id": "5",
      "addresses": ["127.0.0.1/8", "172.18.0.2/16"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "5f1e"
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "5f1e",
        "engine": "docker",
        "names": ["shop-web-1"],
        "project": "shop",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.2"}]
      },
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["shop-backend-1"],
        "project": "shop",
        "service": "backend",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop_default",
            "id": "a1",
            "ipv4": "172.18.0.4",
            "dns_names": ["backend"]
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
  },
  "dns": {
    "static": [
      {"perspective": "5", "name": "backed", "status": "absent", "error": "EAI_NONAME"}
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app:8000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {
    "instances": [{"master_pid": 812, "netns": "5", "mntns": "6", "container": "5f1e"}]
  },
  "netns": [
    {
      "id": "5",
      "addresses": ["127.0.0.1/8", "172.18.0.2/16"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "5f1e"
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
        "id": "5f1e",
        "engine": "docker",
        "names": ["shop-web-1"],
        "project": "shop",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.2"}]
      },
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
  },
  "dns": {
    "static": [
      {"perspective": "5", "name": "app", "status": "ok", "addrs": ["172.18.0.4"]}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
