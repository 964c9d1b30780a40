#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.container == nullptr) {
            finding.notes.emplace_back("Podman's name server is at the gateway of each network "
                                       "that was made with names: name that in `resolver`");
            finding.verify = "podman network inspect NETWORK";
            return;
        }
        finding.notes.emplace_back(
            context.perspective.container == nullptr
                ? "publish the port (`-p 127.0.0.1:PORT:PORT`) and send requests there"
                : "give both containers one network (`podman network create`), and name the "
                  "container instead of its address");
        finding.verify =
            engine_command(*answer.container, "inspect -f '{{json .NetworkSettings.Networks}}'");
    });
}

} // namespace

const Rule rules::podman_rootless = {
    .info =
        {.id = "podman-rootless",
         .catalogue = "E24",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "Podman has no such way to a container, or no name server there",
         .explanation =
             R"(Podman without root keeps its networks in a namespace of the user: the host has no route to their
addresses, and a container whose network is slirp4netns or pasta, the default, reaches none of them.
nginx answers 502 or 504 and logs `(113: No route to host)`, `(101: Network is unreachable)` or
`(110: Connection timed out)`. 127.0.0.11 is Docker's name server: in containers of Podman `resolver 127.0.0.11` is refused.

It is likely where Podman says that it runs without root and the address is of one of its containers: for
an nginx on the host that has no interface in that network, and for one in a container of the same
user whose network is a process. Of 127.0.0.11 where nobody listens there in nginx's container.

**Repair.** From the host: publish the port and send requests to 127.0.0.1. Between containers: a network
of their own (`podman network create`), and names instead of addresses. The name server is the network's
gateway. `host.containers.internal` is the host; without `loginctl enable-linger` containers end when
their user logs out.

**Silent** where Podman could not be asked; of networks that the host has an interface in.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://10.89.0.4:8000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {"instances": [{"master_pid": 812, "netns": "1", "mntns": "2"}]},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "192.0.2.2/24"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 80}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
    {
      "id": "7",
      "container": "7a2b",
      "addresses": ["127.0.0.1/8", "10.89.0.4/24"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "containers": {
    "engines": [{"name": "podman", "status": "ok"}],
    "items": [
      {
        "id": "7a2b",
        "engine": "podman",
        "names": ["shop-app"],
        "state": {"status": "running"},
        "network_mode": "bridge",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop",
            "id": "a1",
            "ipv4": "10.89.0.4",
            "dns_names": ["app", "shop-app"]
          }
        ],
        "rootless": true
      }
    ],
    "networks": [{"name": "shop", "id": "a1", "driver": "bridge", "subnets": ["10.89.0.0/24"]}]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://10.89.0.4:8000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {"instances": [{"master_pid": 812, "netns": "1", "mntns": "2"}]},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8", "192.0.2.2/24", "10.89.0.1/24"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 80}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    },
    {
      "id": "7",
      "container": "7a2b",
      "addresses": ["127.0.0.1/8", "10.89.0.4/24"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "containers": {
    "engines": [{"name": "podman", "status": "ok"}],
    "items": [
      {
        "id": "7a2b",
        "engine": "podman",
        "names": ["shop-app"],
        "state": {"status": "running"},
        "network_mode": "bridge",
        "sandbox_netns": "7",
        "networks": [
          {
            "name": "shop",
            "id": "a1",
            "ipv4": "10.89.0.4",
            "dns_names": ["app", "shop-app"]
          }
        ],
        "rootless": false
      }
    ],
    "networks": [{"name": "shop", "id": "a1", "driver": "bridge", "subnets": ["10.89.0.0/24"]}]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
