#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("let the program listen on 0.0.0.0 (`--host 0.0.0.0`, "
                                   "`HOST=0.0.0.0`)");
        finding.command = start_command(find_backend(answer, context.facts), context.facts);
        if (answer.container != nullptr) {
            finding.verify = engine_command(*answer.container, "exec", "ss -ltn");
        }
    });
}

} // namespace

const Rule rules::backend_binds_loopback = {
    .info =
        {.id = "backend-binds-loopback",
         .catalogue = "E02",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the program listens on the loopback interface of its container alone",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`, or `(104: Connection reset
by peer)` through a published port: nobody outside of the container gets to its loopback interface.
A check of health inside of it sees nothing wrong.

It is proven by the listeners of the container.

**Repair.** Let the program listen on `0.0.0.0`: `--host 0.0.0.0`, `HOST=0.0.0.0`, `-b
0.0.0.0:8000`; then make the container anew.

**Silent** where nginx is in the same network namespace; behind proxies that connect from inside of
the container (pasta, rootlesskit).
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8000}],
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
