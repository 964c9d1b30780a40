#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

bool is_dead(const ProbeAnswer& address) {
    return address.verdict == Verdict::violated;
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    const ProbeAnswer& answer = context.judgement.answer(id);
    const auto dead = std::ranges::find_if(answer.addresses, is_dead);
    const auto alive =
        std::ranges::find(answer.addresses, Verdict::satisfied, &ProbeAnswer::verdict);
    Finding finding = finding_of(
        context, info, question_of(context, id), dead->confidence,
        fmt::format("{} is {} as well, where nobody answers", probe.subject, dead->subject));
    finding.evidence.insert(finding.evidence.end(), dead->evidence.begin(), dead->evidence.end());
    finding.notes.push_back(fmt::format(
        "nginx tries {} first about every other time, logs `connect() failed (111` and goes on to "
        "{}: clients get their answers",
        dead->subject, alive->subject));
    finding.notes.push_back(fmt::format("write {} in place of the name", alive->subject));
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        const ProbeAnswer& answer = context.judgement.answers[i];
        if (probe.kind == Probe::Kind::name && answer.verdict == Verdict::satisfied &&
            is_local_name(probe.subject) && std::ranges::any_of(answer.addresses, is_dead)) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::localhost_ipv6 = {
    .info =
        {.id = "localhost-ipv6",
         .catalogue = "C04",
         .group = RuleGroup::listeners,
         .impact = Impact::low,
         .confidence = Confidence::proven,
         .summary = "`localhost` has an address where nobody answers",
         .explanation =
             R"(`localhost` mostly is ::1 and 127.0.0.1, and most programs listen on one of them. nginx takes both in
turn, logs `connect() failed (111: Connection refused)` with `[::1]` in `upstream:`, and goes on to the
other: the client gets its answer. With `proxy_next_upstream off` it gets 502 (`next-upstream-off`).

It is proven by the listeners of both addresses.

**Repair.** Write the address that answers, and reload nginx.

**Silent** where the program listens on both, as on `::` with IPv4; where neither answers (`no-listener`).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://localhost:3000;
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
      "addresses": ["127.0.0.1/8", "::1/128", "10.0.0.4/24", "10.0.0.5/24"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "localhost", "status": "ok", "addrs": ["::1", "127.0.0.1"]}
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://localhost:3000;
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
      "addresses": ["127.0.0.1/8", "::1/128", "10.0.0.4/24", "10.0.0.5/24"],
      "tcp_listeners": [{"addr": "::", "port": 3000, "v6only": false}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "localhost", "status": "ok", "addrs": ["::1", "127.0.0.1"]}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
