#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("publish the program's port for the host and connect there, or "
                                   "let nginx and the program share a network");
        if (answer.name != nullptr) {
            finding.verify = fmt::format("getent ahosts {}", shell_word(answer.name->name));
        }
    });
}

} // namespace

const Rule rules::network_mode_host_breaks_names = {
    .info =
        {.id = "network-mode-host-breaks-names",
         .catalogue = "E15",
         .group = RuleGroup::containers,
         .impact = Impact::crit,
         .confidence = Confidence::proven,
         .summary = "names of containers mean nothing in the network of the host",
         .explanation =
             R"(nginx does not start, and a reload leaves the old configuration running: `[emerg] host not found in
upstream "NAME" in FILE:LINE`. Names of containers are known to containers that share a network, and
the network of the host is none of them.

It is proven by asking as nginx does, and by the engine, which has a container of that name.

**Repair.** Publish the program's port for the host (`127.0.0.1:3000:3000`) and connect there; or
give nginx a container with a network that it shares.

**Silent** where several containers have the name.
)",
         .bad = {.conf = R"(events { }
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
    ]
  },
  "dns": {
    "static": [
      {"perspective": "1", "name": "app", "status": "absent", "error": "EAI_NONAME"}
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
