#include "facts/time_text.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <optional>
#include <string_view>

namespace upstream_lint {

namespace {

std::optional<UnixTime> loaded_at(const RuleContext& context) {
    std::optional<UnixTime> newest;
    if (const NginxInstance* const instance = context.perspective.instance) {
        for (const Worker& worker : instance->workers) {
            if (!worker.is_shutting_down && worker.started_at != 0 &&
                (!newest || *newest < worker.started_at)) {
                newest = worker.started_at;
            }
        }
    }
    return newest;
}

/// One of the name's addresses belongs to it, and it started after a time.
const Container* newer_container(const RuleContext& context, const ProbeAnswer& answer,
                                 UnixTime time) {
    for (const ProbeAnswer& address : answer.addresses) {
        const auto parsed = parse_address_and_port(address.subject);
        const Container* const container = parsed ? context.facts.container_at(*parsed) : nullptr;
        if (container != nullptr && container->started_at && *container->started_at > time) {
            return container;
        }
    }
    return nullptr;
}

std::string_view name_of(const Container& container) {
    return container.names.empty() ? container.id : container.names.front();
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id, const Container& container,
         UnixTime loaded, std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    Finding finding = finding_of(
        context, info, question_of(context, id), Confidence::likely,
        fmt::format("nginx may have an old address of {}: the container {} was started after nginx "
                    "had looked it up",
                    probe.subject, name_of(container)));
    finding.evidence.push_back(
        {.fact = fmt::format("start of the container {}", name_of(container)),
         .value = rfc3339_text(*container.started_at),
         .source = container.engine});
    finding.evidence.push_back({.fact = "start of nginx's newest worker",
                                .value = rfc3339_text(loaded),
                                .source = "/proc"});
    finding.notes.emplace_back("nginx looks a name up once, when it loads; the address may be "
                               "another container's by now");
    finding.notes.emplace_back("a container that is made anew often gets another address, one that "
                               "is started again mostly keeps it");
    const Container* const own = context.perspective.container;
    finding.command = own == nullptr ? "nginx -s reload"
                                     : fmt::format("{} exec {} nginx -s reload",
                                                   own->engine.empty() ? "docker" : own->engine,
                                                   shell_word(name_of(*own)));
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const auto loaded = loaded_at(context);
    if (!loaded) {
        return;
    }
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        if (probe.kind != Probe::Kind::name || probe.port == 0) {
            continue;
        }
        const Container* const container =
            newer_container(context, context.judgement.answers[i], *loaded);
        if (container != nullptr) {
            add(context, info, {i}, *container, *loaded, findings);
        }
    }
}

} // namespace

const Rule rules::stale_dns = {
    .info =
        {.id = "stale-dns",
         .catalogue = "D01",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "a name may stand for another address than the one nginx has",
         .explanation =
             R"(nginx looks names up when it loads, and keeps what it gets. A container that is made anew has another
address: nginx answers 502 or 504, and logs an address in `upstream:` that is not the name's any more.
It may be another container's by then, which answers.

It is likely where the container that has the name's address was started after nginx's newest worker.

**Repair.** `nginx -s reload`. For good: `server app:3000 resolve;` in a group with a `zone` (1.27.3 and
later) or the name in a variable, with `resolver 127.0.0.11 valid=10s;`.

**Silent** about names that are looked up for requests; where the times are not known.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app:3000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {
    "instances": [
      {
        "master_pid": 900,
        "netns": "2",
        "container": "aaaa",
        "workers": [{"pid": 901, "started_at": "2026-11-22T08:00:00Z"}]
      }
    ]
  },
  "netns": [
    {"id": "2", "container": "aaaa", "addresses": ["127.0.0.1/8", "172.18.0.2/16"]},
    {
      "id": "3",
      "container": "bbbb",
      "addresses": ["127.0.0.1/8", "172.18.0.5/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "2", "name": "app", "status": "ok", "addrs": ["172.18.0.5"]}
    ]
  },
  "containers": {
    "items": [
      {
        "id": "aaaa",
        "engine": "docker",
        "names": ["web"],
        "state": {"status": "running", "started_at": "2026-11-22T08:00:00Z"},
        "sandbox_netns": "2",
        "networks": [{"name": "shop", "id": "n1", "ipv4": "172.18.0.2"}]
      },
      {
        "id": "bbbb",
        "engine": "docker",
        "names": ["shop-app-1"],
        "state": {"status": "running", "started_at": "2026-11-22T12:00:00Z"},
        "sandbox_netns": "3",
        "networks": [
          {"name": "shop", "id": "n1", "ipv4": "172.18.0.5", "dns_names": ["app"]}
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
            proxy_pass http://app:3000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "nginx": {
    "instances": [
      {
        "master_pid": 900,
        "netns": "2",
        "container": "aaaa",
        "workers": [{"pid": 901, "started_at": "2026-11-22T08:00:00Z"}]
      }
    ]
  },
  "netns": [
    {"id": "2", "container": "aaaa", "addresses": ["127.0.0.1/8", "172.18.0.2/16"]},
    {
      "id": "3",
      "container": "bbbb",
      "addresses": ["127.0.0.1/8", "172.18.0.5/16"],
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "2", "name": "app", "status": "ok", "addrs": ["172.18.0.5"]}
    ]
  },
  "containers": {
    "items": [
      {
        "id": "aaaa",
        "engine": "docker",
        "names": ["web"],
        "state": {"status": "running", "started_at": "2026-11-22T08:00:00Z"},
        "sandbox_netns": "2",
        "networks": [{"name": "shop", "id": "n1", "ipv4": "172.18.0.2"}]
      },
      {
        "id": "bbbb",
        "engine": "docker",
        "names": ["shop-app-1"],
        "state": {"status": "running", "started_at": "2026-11-22T07:00:00Z"},
        "sandbox_netns": "3",
        "networks": [
          {"name": "shop", "id": "n1", "ipv4": "172.18.0.5", "dns_names": ["app"]}
        ]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
