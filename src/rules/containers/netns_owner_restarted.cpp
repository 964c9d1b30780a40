#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.container != nullptr) {
            finding.command = engine_command(*answer.container, "restart");
            finding.verify =
                engine_command(*answer.container, "inspect -f '{{.NetworkSettings.SandboxKey}}'");
        }
    });
}

} // namespace

const Rule rules::netns_owner_restarted = {
    .info =
        {.id = "netns-owner-restarted",
         .catalogue = "E16",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "a container has the network of another one that was started anew since",
         .explanation =
             R"(nginx answers 502 or 504: with `network_mode: "service:vpn"` a container gets the network namespace
that the other one has at that moment, and keeps it when the other one gets a new one.

It is proven by the network namespaces of the two containers, which differ, and the listener in the
old one; with Docker also where the other container is gone.

**Repair.** Make the dependent container anew.

**Silent** where a network namespace could not be read.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.0.9:8000;
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
      "id": "8",
      "addresses": ["127.0.0.1/8", "172.18.0.9/16"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "3c4d"
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000, "container": "7a2b"}],
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
        "id": "3c4d",
        "engine": "docker",
        "names": ["shop-vpn-1"],
        "project": "shop",
        "service": "vpn",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "8",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.9"}]
      },
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["shop-app-1"],
        "project": "shop",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "container:3c4d",
        "sandbox_netns": "7",
        "networks": []
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
            proxy_pass http://172.18.0.9:8000;
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
      "id": "8",
      "addresses": ["127.0.0.1/8", "172.18.0.9/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000, "container": "7a2b"}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "3c4d"
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
        "id": "3c4d",
        "engine": "docker",
        "names": ["shop-vpn-1"],
        "project": "shop",
        "service": "vpn",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "8",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.9"}]
      },
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["shop-app-1"],
        "project": "shop",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "container:3c4d",
        "sandbox_netns": "8",
        "networks": []
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
