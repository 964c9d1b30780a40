#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("the machine or the container is gone, or has another address");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::host_unreachable = {
    .info =
        {.id = "host-unreachable",
         .catalogue = "C08",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "no machine of the network has the address",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (113: No route to host)`, about three seconds after
each request: nobody says that the address is its own. The machine or the container is gone, or was
given another address.

It is proven by a connection that ended that way, not sooner than Linux gives up asking.

**Repair.** Start the machine, or correct the address. A name instead of the address follows the
container.

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
  "probes": [
    {
      "perspective": "1",
      "target": "192.0.2.77:3000",
      "status": "ok",
      "connect": {"errno": "EHOSTUNREACH", "ms": 3060}
    }
  ]
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
