#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

std::string_view meaning_of(std::int32_t code) {
    switch (code) {
    case 125:
        return "the engine could not start it";
    case 126:
        return "its command could not be run";
    case 127:
        return "its command was not found";
    case 137:
        return "it was killed with SIGKILL: for want of memory, or because it did not stop in time";
    case 139:
        return "it crashed with SIGSEGV";
    case 143:
        return "it was stopped with SIGTERM";
    default:
        return "";
    }
}

void add_state(Finding& finding, const Container& container) {
    if (container.exit_code && container.status != "created") {
        const std::string_view meaning = meaning_of(*container.exit_code);
        finding.notes.push_back(fmt::format("its exit code is {}{}{}", *container.exit_code,
                                            meaning.empty() ? "" : ": ", meaning));
    }
    if (!container.error.empty()) {
        finding.notes.push_back(fmt::format("the engine says: {}", container.error));
    }
    if (container.restart_count.value_or(0) > 0) {
        finding.notes.push_back(
            fmt::format("it was started again {} times", *container.restart_count));
    }
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Backend backend = find_backend(answer, context.facts);
        if (answer.container != nullptr) {
            add_state(finding, *answer.container);
            finding.verify =
                fmt::format("{} ps -a --filter {}", engine_of(*answer.container),
                            shell_word(fmt::format("name={}", name_of(*answer.container))));
        }
        finding.notes.push_back(
            fmt::format("why it does not run: {}", log_command(backend, context.facts)));
        finding.command = start_command(backend, context.facts);
    });
}

} // namespace

const Rule rules::container_not_running = {
    .info =
        {.id = "container-not-running",
         .catalogue = "E08",
         .group = RuleGroup::containers,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the container that is meant to answer does not run",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)` through a published port,
and `(113: No route to host)` in a network; of a name in its configuration it says `host not found
in upstream` and does not start.

It is proven by the engine: the container is created, exited, dead, or being started again and
again. Its exit code says how it ended: 137 is SIGKILL, 139 a crash, 143 SIGTERM, 126 and 127 a
command that could not be run.

**Repair.** Start it, and read in its log why it stopped.

**Silent** where somebody else listens in its place: another container with the same port, or a
program of the host.
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
        "state": {"status": "exited"},
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
        "ports": [{"port": 80, "host_port": 8080}]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
