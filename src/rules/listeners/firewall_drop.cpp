#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("something drops the packets (`nft list ruleset` on both sides, "
                                   "security groups), or the host is off");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::firewall_drop = {
    .info =
        {.id = "firewall-drop",
         .catalogue = "C06",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "connections get no answer, neither yes nor no",
         .explanation =
             R"(nginx waits for `proxy_connect_timeout`, 60 seconds unless it is set, answers 504 and logs `upstream
timed out (110: Connection timed out) while connecting to upstream`. Something drops the packets, or
the host is off behind a router.

It is likely where a connection that was tried timed out, and nothing else explains it: no paused
container, no full queue, no network that is not shared.

**Repair.** Let the packets in: `nft list ruleset` on both sides, security groups of the provider.

**Silent** without `--probe connect`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://192.0.2.77:3000;
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
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [{"perspective": "1", "target": "192.0.2.77:3000", "status": "timeout"}]
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://192.0.2.77:3000;
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
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "perspective": "1",
      "target": "192.0.2.77:3000",
      "status": "ok",
      "connect": {"ms": 0.4}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
