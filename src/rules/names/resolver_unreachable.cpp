#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Probe& probe = probe_of(context, answer);
        finding.notes.emplace_back("nginx waits for `resolver_timeout` before it answers 502");
        if (context.perspective.container == nullptr &&
            finding.message.find("127.0.0.11") != std::string::npos) {
            finding.notes.emplace_back("127.0.0.11 is Docker's name server: it is there in "
                                       "containers of a network of their own alone");
        }
        finding.verify = ask_command(probe);
    });
}

} // namespace

const Rule rules::resolver_unreachable = {
    .info =
        {.id = "resolver-unreachable",
         .catalogue = "D03",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "no name server of `resolver` answers",
         .explanation =
             R"(nginx answers 502 after `resolver_timeout` (30 s) and logs `send() failed (111: Connection
refused) while resolving, resolver: 127.0.0.11:53` and `app could not be resolved (110: Operation timed
out)`.

It is proven by asking each name server where nginx is, or by the sockets of its network namespace.

**Repair.** Name a server that answers from there: the addresses of `nameserver` in /etc/resolv.conf.
127.0.0.11 is Docker's and answers in containers of a network of their own alone. nginx has to be
reloaded.

**Silent** where one of several answers; where nobody was asked.
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
        "status": "timeout"
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
