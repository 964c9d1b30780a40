#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("connect to the IPv4 address; `resolver ... ipv6=off` asks for "
                                   "those alone");
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::ipv6_unusable = {
    .info =
        {.id = "ipv6-unusable",
         .catalogue = "C05",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx connects to an IPv6 address that it cannot reach",
         .explanation =
             R"(nginx logs `connect() to [ADDRESS]:PORT failed`, with `(99: Cannot assign requested address)` of
`::1` where IPv6 is off, `(101: Network is unreachable)` where there is no way, and `(22: Invalid
argument)` of an address that needs an interface. It answers 502 unless the name has other
addresses.

It is proven by the setting of the loopback interface, by the address itself, or by a connection.
That nginx's network namespace has no IPv6 address makes it likely.

**Repair.** Connect to the IPv4 address; `resolver ... ipv6=off` asks for those alone.

**Silent** where one of a name's addresses answers.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://[::1]:3000;
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
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "ipv6_disabled": {"lo": true}
    }
  ]
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://[::1]:3000;
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
      "addresses": ["127.0.0.1/8", "::1/128"],
      "tcp_listeners": [{"addr": "::1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"},
      "ipv6_disabled": {"lo": false}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
