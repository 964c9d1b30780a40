#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("the name servers cannot or will not look the name up: they may "
                                   "not take questions from this host, or not reach the zone's");
        finding.verify = ask_command(probe_of(context, answer));
    });
}

} // namespace

const Rule rules::resolver_servfail = {
    .info =
        {.id = "resolver-servfail",
         .catalogue = "D06",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the name servers of `resolver` do not do their work for a name",
         .explanation =
             R"(nginx answers 502 and logs `app.example could not be resolved (2: Server failure)` or
`(5: Operation refused)`.

It is proven by asking each name server where nginx is.

**Repair.** That of the name server: it cannot reach those of the zone, or does not take questions from
this host. Or name another. nginx needs a reload for that alone.

**Silent** where one of several gives an address; where nobody was asked.
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
        "rcode": "SERVFAIL"
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
