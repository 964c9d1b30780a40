#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Backend backend = find_backend(answer, context.facts);
        finding.notes.emplace_back("give it more memory, or less to do, before it is started");
        finding.command = start_command(backend, context.facts);
        if (answer.container != nullptr) {
            finding.verify = engine_command(*answer.container, "stats --no-stream");
        }
    });
}

} // namespace

const Rule rules::container_oom = {
    .info =
        {.id = "container-oom",
         .catalogue = "E11",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the container was killed because it used more memory than it may",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`; requests that were under
way end with `upstream prematurely closed connection`.

It is proven by the engine: the container does not run, and Linux killed a process of it for want of
memory.

**Repair.** Give it more memory (`mem_limit`, `deploy.resources.limits.memory`) or less to do, and
start it.

**Silent** about a container that runs: what was killed may have been a child that is back.
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
        "state": {"status": "exited", "oom_killed": true, "exit_code": 137},
        "network_mode": "shop_default",
        "networks": [
          {"name": "shop_default", "id": "a1", "dns_names": ["app", "shop-app-1"]}
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
        "state": {"status": "running", "oom_killed": true},
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
