#include "rules/causes.hpp"
#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

bool is_dead(const ProbeAnswer& address) {
    return address.verdict == Verdict::violated && address.cause != cause::ipv6_unusable;
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    const ProbeAnswer& answer = context.judgement.answer(id);
    const auto dead = std::ranges::find_if(answer.addresses, is_dead);
    Finding finding = finding_of(
        context, info, question_of(context, id), dead->confidence,
        fmt::format("of {} addresses of {} {} {} not answer: {}", answer.addresses.size(),
                    probe.subject, std::ranges::count_if(answer.addresses, is_dead),
                    std::ranges::count_if(answer.addresses, is_dead) == 1 ? "does" : "do",
                    dead->reason));
    finding.evidence.insert(finding.evidence.end(), dead->evidence.begin(), dead->evidence.end());
    finding.notes.emplace_back(
        "nginx takes them in turn: what it sends there is tried at the next, "
        "unless `next_upstream` says otherwise");
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        const ProbeAnswer& answer = context.judgement.answers[i];
        if (answer.verdict == Verdict::satisfied && !is_local_name(probe.subject) &&
            std::ranges::any_of(answer.addresses, is_dead)) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::dns_partial_dead = {
    .info =
        {.id = "dns-partial-dead",
         .catalogue = "D10",
         .group = RuleGroup::names,
         .impact = Impact::med,
         .confidence = Confidence::proven,
         .summary = "one of the addresses of a name does not answer",
         .explanation =
             R"(nginx takes the addresses of a name in turn. What it sends to the dead one it tries at the next, which
takes time, and is an error with `proxy_next_upstream off`; when all have failed it answers
`no live upstreams` for `fail_timeout`.

It is proven by asking for each address alone.

**Repair.** Start who is meant to answer there, or take the address out of the name's records. nginx
keeps the addresses that it got when it loaded, until it is reloaded.

**Silent** about `localhost` (`localhost-ipv6`); where no address is known to answer; about addresses of
IPv6 without IPv6 (`aaaa-answer-unusable`).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app.internal:3000;
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
      "tcp_listeners": [{"addr": "10.0.0.4", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "app.internal", "status": "ok", "addrs": ["10.0.0.4", "10.0.0.5"]}
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app.internal:3000;
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
      "tcp_listeners": [{"addr": "0.0.0.0", "port": 3000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "dns": {
    "static": [
      {"perspective": "1", "name": "app.internal", "status": "ok", "addrs": ["10.0.0.4", "10.0.0.5"]}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
