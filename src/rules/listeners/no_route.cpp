#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const std::string_view subject = answer.subject;
        finding.verify = fmt::format("ip route get {}", subject.substr(0, subject.rfind(':')));
    });
}

} // namespace

const Rule rules::no_route = {
    .info = {.id = "no-route",
             .catalogue = "C09",
             .group = RuleGroup::listeners,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "nginx's network namespace has no way to the address",
             .explanation =
                 R"(nginx answers 502 and logs `connect() failed (101: Network is unreachable)`.

It is proven by a connection that ended that way.

**Repair.** Add the missing route (`ip route get ADDRESS`), or the gateway that all else goes
through.

**Silent** without `--probe connect`; about IPv6 (`ipv6-unusable`).
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
      "connect": {"errno": "ENETUNREACH"}
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
