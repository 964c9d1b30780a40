#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// Those of the name in a network that nginx is in, of different projects; empty: all are of one.
std::vector<const Container*> namesakes(const RuleContext& context, const Probe& probe) {
    std::vector<const Container*> found;
    const Container* const nginx = context.perspective.container;
    if (nginx == nullptr ||
        (probe.kind != Probe::Kind::name && probe.kind != Probe::Kind::resolver_name)) {
        return found;
    }
    bool are_of_different = false;
    for (const auto& [container, network] : context.facts.containers_named(probe.subject)) {
        const bool is_seen =
            network != nullptr && container->status == "running" && !container->project.empty() &&
            std::ranges::find(nginx->networks, network->id, &ContainerNetwork::id) !=
                nginx->networks.end();
        if (!is_seen || std::ranges::find(found, container) != found.end()) {
            continue;
        }
        are_of_different =
            are_of_different || (!found.empty() && found.front()->project != container->project);
        found.push_back(container);
    }
    return are_of_different ? found : std::vector<const Container*>();
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const auto common = [&](ProbeId id, const ProbeAnswer&) {
        const Probe& probe = context.plan.probe(id);
        return namesakes(context, probe).empty() ? std::string() : probe.subject;
    };
    for (const Fault& group : group_questions(context, common)) {
        const Probe& probe = context.plan.probe(group.probes.front());
        std::vector<std::string_view> names;
        for (const Container* const container : namesakes(context, probe)) {
            names.push_back(name_of(*container));
        }
        Finding finding =
            finding_of(context, info, group, Confidence::proven,
                       fmt::format("{} containers of different projects have the name {}",
                                   names.size(), probe.subject));
        finding.notes.push_back(fmt::format("they are {}", fmt::join(names, ", ")));
        finding.notes.emplace_back("connect to a name that only one of them has");
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::duplicate_alias = {
    .info =
        {.id = "duplicate-alias",
         .catalogue = "E23",
         .group = RuleGroup::containers,
         .impact = Impact::med,
         .confidence = Confidence::proven,
         .summary = "containers of two projects have the name that nginx connects to",
         .explanation =
             R"(Requests go to both in turn, and one of them is the wrong one: wrong pages, 404, now and then 502. A
network that several projects share has the names of all their services.

It is proven by the names in the network.

**Repair.** Connect to a name that only one of them has, such as that of the container, or give one
of them an alias.

**Silent** about several containers of one service: they are meant to share the work.
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
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8", "172.20.0.4/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "7a2b"
    },
    {
      "id": "9",
      "addresses": ["127.0.0.1/8", "172.20.0.5/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "9e8f"
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "5f1e",
        "engine": "docker",
        "names": ["proxy-web-1"],
        "project": "proxy",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "proxy", "id": "c3", "ipv4": "172.20.0.2"}]
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
            "name": "proxy",
            "id": "c3",
            "ipv4": "172.20.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ]
      },
      {
        "id": "9e8f",
        "engine": "docker",
        "names": ["blog-app-1"],
        "project": "blog",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "9",
        "networks": [
          {
            "name": "proxy",
            "id": "c3",
            "ipv4": "172.20.0.5",
            "dns_names": ["app", "blog-app-1"]
          }
        ]
      }
    ]
  },
  "dns": {
    "static": [
      {
        "perspective": "5",
        "name": "app",
        "status": "ok",
        "addrs": ["172.20.0.4", "172.20.0.5"]
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
    },
    {
      "id": "7",
      "addresses": ["127.0.0.1/8", "172.20.0.4/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "7a2b"
    },
    {
      "id": "9",
      "addresses": ["127.0.0.1/8", "172.20.0.5/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 8000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "container": "9e8f"
    }
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "5f1e",
        "engine": "docker",
        "names": ["proxy-web-1"],
        "project": "proxy",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "5",
        "networks": [{"name": "proxy", "id": "c3", "ipv4": "172.20.0.2"}]
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
            "name": "proxy",
            "id": "c3",
            "ipv4": "172.20.0.4",
            "dns_names": ["app", "shop-app-1"]
          }
        ]
      },
      {
        "id": "9e8f",
        "engine": "docker",
        "names": ["shop-app-1"],
        "project": "shop",
        "service": "app",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "9",
        "networks": [
          {
            "name": "proxy",
            "id": "c3",
            "ipv4": "172.20.0.5",
            "dns_names": ["app", "shop-app-1"]
          }
        ]
      }
    ]
  },
  "dns": {
    "static": [
      {
        "perspective": "5",
        "name": "app",
        "status": "ok",
        "addrs": ["172.20.0.4", "172.20.0.5"]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
