#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back(
            "`nft list ruleset` and `firewall-cmd --list-all` show what turns "
            "connections away");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::firewall_reject = {
    .info =
        {.id = "firewall-reject",
         .catalogue = "C07",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "something on the way turns connections away",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)` or `(113: No route to
host)`, at once.

It is likely where somebody listens and a connection was refused all the same, or where the answer
that the host cannot be reached came sooner than Linux gives up looking for it.

**Repair.** Let the packets in: `nft list ruleset`, `firewall-cmd --list-all`.

**Silent** without `--probe connect`; where nobody listens (`no-listener`).
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
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "perspective": "1",
      "target": "127.0.0.1:3000",
      "status": "ok",
      "connect": {"errno": "ECONNREFUSED"}
    }
  ]
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
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "probes": [
    {
      "perspective": "1",
      "target": "127.0.0.1:3000",
      "status": "ok",
      "connect": {"ms": 0.1}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
