#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("the rules of the engine may be gone (`nft list ruleset`, "
                                   "`iptables -t nat -S DOCKER`)");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::published_port_rules_lost = {
    .info =
        {.id = "published-port-rules-lost",
         .catalogue = "E22",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::hint,
         .summary = "a published port gets no answer, though the program in the container listens",
         .explanation =
             R"(Engines publish ports with rules of the packet filter. Where those were flushed, by a reload of a
firewall that does not know of them, or are kept off (`iptables: false`), packets come to nobody: nginx
answers 504, or 502 with `(111: Connection refused)`.

It is a hint: a connection gets no answer, the engine says that the port is published, and somebody
listens in the container. Another filter does the same.

**Repair.** Load the firewall anew with the engine's part, then the engine makes its rules again:
`systemctl restart docker`, which restarts containers unless it has `live-restore`.

**Silent** without `--probe connect`; where the container's listeners were not read.
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
      "addresses": ["127.0.0.1/8", "172.18.0.1/16"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8080, "command": "docker-proxy"}],
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
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.4"}],
        "ports": [{"port": 80, "proto": "tcp", "host_port": 8080, "host_ip": "127.0.0.1"}]
      }
    ],
    "networks": [
      {"name": "shop_default", "id": "a1", "driver": "bridge", "subnets": ["172.18.0.0/16"]}
    ]
  },
  "probes": [{"perspective": "1", "target": "127.0.0.1:8080", "status": "timeout"}]
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
      "addresses": ["127.0.0.1/8", "172.18.0.1/16"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8080, "command": "docker-proxy"}],
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
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "7",
        "networks": [{"name": "shop_default", "id": "a1", "ipv4": "172.18.0.4"}],
        "ports": [{"port": 80, "proto": "tcp", "host_port": 8080, "host_ip": "127.0.0.1"}]
      }
    ],
    "networks": [
      {"name": "shop_default", "id": "a1", "driver": "bridge", "subnets": ["172.18.0.0/16"]}
    ]
  },
  "probes": [
    {
      "perspective": "1",
      "target": "127.0.0.1:8080",
      "status": "ok",
      "connect": {"ms": 0.3}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
