#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("the name may be new or gone, or other name servers know it");
        finding.verify = ask_command(probe_of(context, answer));
    });
}

} // namespace

const Rule rules::resolver_name_unknown = {
    .info =
        {.id = "resolver-name-unknown",
         .catalogue = "D13",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the name servers of `resolver` do not know a name",
         .explanation =
             R"(nginx answers 502 and logs `api.example could not be resolved (3: Host not found)`; for a server
with `resolve` it logs `no live upstreams`.

It is proven by asking each name server where nginx is.

**Repair.** Correct the name, or make its record. nginx needs a reload where its files were changed.

**Silent** where one of several gives an address; where nobody was asked. Names of one label are
`resolver-short-name`, those of the hosts file `resolver-ignores-hosts-file`.
)",
         .bad = {.conf = R"(events { }
http {
    resolver 192.0.2.53;
    server {
        listen 80;
        location / {
            set $backend app.internal;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [{"id": "1"}],
  "dns": {
    "resolver_queries": [
      {
        "perspective": "1",
        "resolver": "192.0.2.53:53",
        "name": "app.internal",
        "qtype": "A",
        "status": "ok",
        "rcode": "NXDOMAIN"
      }
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    resolver 192.0.2.53;
    server {
        listen 80;
        location / {
            set $backend app.internal;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
