#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.port != nullptr) {
            finding.notes.push_back(
                answer.port->host_port
                    ? fmt::format("connect to port {}", *answer.port->host_port)
                    : fmt::format(
                          "`ports: [\"127.0.0.1:{0}:{0}\"]` publishes it for this host alone",
                          answer.port->port));
        }
        if (answer.container != nullptr) {
            finding.verify = engine_command(*answer.container, "port");
        }
    });
}

} // namespace

const Rule rules::port_not_published = {
    .info =
        {.id = "port-not-published",
         .catalogue = "E04",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx on the host connects to a container's port that the host does not have",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`: `expose` publishes nothing,
and `ports: ["8081:80"]` publishes port 80 as 8081.

It is proven by the listeners of the host and the ports of its containers: nobody has the port on
the host, and one container has it.

**Repair.** Publish it for nginx alone, `ports: ["127.0.0.1:3000:3000"]`, and make the container
anew.

**Silent** where several containers have the port, or a unit or a pool is meant to listen there
(`no-listener`).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:3000;
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
        ],
        "ports": [{"port": 3000}]
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
            proxy_pass http://127.0.0.1:3000;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
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
        ],
        "ports": [{"port": 3000}]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
