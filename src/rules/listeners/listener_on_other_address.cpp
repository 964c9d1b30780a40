#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back(
            "let the program listen on the address that nginx uses, or nginx "
            "use that of the program");
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::listener_on_other_address = {
    .info =
        {.id = "listener-on-other-address",
         .catalogue = "C03",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the program listens on another address than nginx connects to",
         .explanation =
             R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`, though the program runs: it
is bound to one address, and nginx uses another one, of the other family, too.

It is proven by the listeners of the network namespace that has the address: one has the port, and
none takes what is sent to this address.

**Repair.** Let the program listen on the address that nginx uses, or nginx use that of the program.
The wildcard address lets in more than nginx.

**Silent** where a listener on `::` may take IPv4 and nobody knows.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://192.0.2.10:3000;
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
      "addresses": ["127.0.0.1/8", "192.0.2.10/24"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
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
            proxy_pass http://192.0.2.10:3000;
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
      "addresses": ["127.0.0.1/8", "192.0.2.10/24"],
      "tcp_listeners": [{"addr": "::", "port": 3000, "v6only": false}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
