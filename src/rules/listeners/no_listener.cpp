#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        add_absent_backend(finding, answer, context.facts, "listen there");
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::no_listener = {
    .info = {.id = "no-listener",
             .catalogue = "C01",
             .group = RuleGroup::listeners,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "nobody listens on an address and port that nginx sends requests to",
             .explanation =
                 R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`.

It is proven by the listeners of the network namespace that has the address: none of them is on the
address itself, on the wildcard address of its family, or on `::` where that takes IPv4, too. With
`--probe connect` a refused connection proves the same.

**Repair.** Start the program that is meant to listen there, and read in its log why it stopped. nginx
needs no reload.

**Silent** where somebody listens, whoever that is (systemd holds the sockets of services that it starts
on demand); where the address is not one of this host's and no connection was tried; where the listeners
could not all be read.
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 5432}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
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
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
