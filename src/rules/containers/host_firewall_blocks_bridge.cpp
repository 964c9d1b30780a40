#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back(
            "the filter of the host drops what comes from the bridge (`nft list ruleset`)");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::host_firewall_blocks_bridge = {
    .info =
        {.id = "host-firewall-blocks-bridge",
         .catalogue = "E14",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "the host's packet filter keeps containers from a program of the host",
         .explanation =
             R"(nginx in a container waits for `proxy_connect_timeout` and answers 504, or 502 with `(113: No route to
host)`. Published ports pass by ufw and firewalld, programs of the host do not: what comes from a bridge
is input like any other.

It is likely where a connection from nginx's network namespace gets no answer, and somebody listens
on the host at that address.

**Repair.** Let the bridge's addresses in: `ufw allow from SUBNET to any port PORT proto tcp`, or the
same in the filter that is used. Narrow it to the network of nginx's container.

**Silent** without `--probe connect`; where the listeners of the host were not read.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.0.1:3000;
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
      "id": "1",
      "addresses": ["127.0.0.1/8", "172.18.0.1/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
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
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.2"}]
      }
    ],
    "networks": [
      {"name": "shop_default", "id": "a1", "driver": "bridge", "subnets": ["172.18.0.0/16"]}
    ]
  },
  "probes": [{"perspective": "5", "target": "172.18.0.1:3000", "status": "timeout"}]
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://172.18.0.1:3000;
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
      "id": "1",
      "addresses": ["127.0.0.1/8", "172.18.0.1/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
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
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.2"}]
      }
    ],
    "networks": [
      {"name": "shop_default", "id": "a1", "driver": "bridge", "subnets": ["172.18.0.0/16"]}
    ]
  },
  "probes": [
    {
      "perspective": "5",
      "target": "172.18.0.1:3000",
      "status": "ok",
      "connect": {"ms": 0.3}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
