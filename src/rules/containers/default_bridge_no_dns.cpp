#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Container* const nginx = context.perspective.container;
        if (nginx != nullptr && answer.container != nullptr) {
            const std::string_view engine = engine_of(*nginx);
            finding.command = fmt::format(
                "{0} network create app && {0} network connect app {1} && "
                "{0} network connect app {2}",
                engine, shell_word(name_of(*nginx)), shell_word(name_of(*answer.container)));
            finding.verify = fmt::format("{} network inspect app", engine);
        }
    });
}

} // namespace

const Rule rules::default_bridge_no_dns = {
    .info =
        {.id = "default-bridge-no-dns",
         .catalogue = "E07",
         .group = RuleGroup::containers,
         .impact = Impact::crit,
         .confidence = Confidence::proven,
         .summary = "the engine's first network knows no names of containers",
         .explanation =
             R"(nginx does not start, and a reload leaves the old configuration running: `[emerg] host not found in
upstream "NAME" in FILE:LINE`. Containers that are started without a network get the one called
`bridge`, in which there is no name server for them.

It is proven by asking as nginx does, and by the networks of both containers.

**Repair.** Make a network and give it to both: `docker network create app`, `--network app`.

**Silent** where nginx has another network, too.
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
  "nginx": {
    "instances": [{"master_pid": 812, "netns": "5", "mntns": "6", "container": "5f1e"}]
  },
  "netns": [
    {
      "id": "5",
      "addresses": ["127.0.0.1/8"],
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
        "names": ["web"],
        "state": {"status": "running"},
        "network_mode": "bridge",
        "sandbox_netns": "5",
        "networks": [{"name": "bridge", "id": "b0", "ipv4": "172.17.0.2"}]
      },
      {
        "id": "7a2b",
        "engine": "docker",
        "names": ["app"],
        "state": {"status": "running"},
        "network_mode": "bridge",
        "sandbox_netns": "7",
        "networks": [{"name": "bridge", "id": "b0", "ipv4": "172.17.0.3"}]
      }
    ]
  },
  "dns": {
    "static": [
      {"perspective": "5", "name": "app", "status": "absent", "error": "EAI_NONAME"}
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
