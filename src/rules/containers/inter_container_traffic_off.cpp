#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.container != nullptr) {
            finding.verify = engine_command(*answer.container,
                                            "inspect -f '{{json .NetworkSettings.Networks}}'");
        }
        finding.notes.emplace_back("give both another network: an existing one keeps its option");
    });
}

} // namespace

const Rule rules::inter_container_traffic_off = {
    .info =
        {.id = "inter-container-traffic-off",
         .catalogue = "E25",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "the network of nginx's container keeps its containers from each other",
         .explanation =
             R"(`enable_icc=false` of a bridge, or `icc: false` of the engine for its first network, drops packets
between containers: nginx answers 504 and logs `(110: Connection timed out)`.

It is likely where both containers are in that network at the address that nginx takes.

**Repair.** Give both a network of their own without the option: `networks:` of compose, then `docker
compose up -d`.

**Silent** where nginx reaches the address through another network that both have, and about the
host itself, whose packets come through. Links between containers, an old feature of the first
network, are not seen.
)",
         .bad = {.conf = R"(events { }
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
        "icc": false,
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
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
