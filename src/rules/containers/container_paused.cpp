#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Backend backend = find_backend(answer, context.facts);
        finding.command = start_command(backend, context.facts);
        if (answer.container != nullptr) {
            finding.verify = engine_command(*answer.container, "inspect -f '{{.State.Status}}'");
        }
    });
}

} // namespace

const Rule rules::container_paused = {
    .info =
        {.id = "container-paused",
         .catalogue = "E10",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the container that is meant to answer is paused",
         .explanation =
             R"(nginx answers 504: Linux makes the connections, and nobody takes them. It logs `upstream timed out
(110: Connection timed out)`, while reading or, once the queue is full, while connecting.

It is proven by the engine.

**Repair.** Let it go on.

**Silent** where the engine could not be asked.
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
        "state": {"status": "paused"},
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
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
