#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Addresses on the Internet, though nobody there has a name of one label.
bool are_all_public(const ProbeAnswer& answer) {
    return answer.name != nullptr && !answer.name->addresses.empty() &&
           std::ranges::all_of(answer.name->addresses, is_public);
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    const DnsFacts& dns = context.snapshot().dns;
    const ProbeAnswer& answer = context.judgement.answer(id);
    Finding finding =
        finding_of(context, info, question_of(context, id), Confidence::hint,
                   fmt::format("{} stands for {}, an address on the Internet", probe.subject,
                               address_text(answer.name->addresses.front())));
    finding.evidence.push_back({.fact = "search domains",
                                .value = fmt::format("{}", fmt::join(dns.search, " ")),
                                .source = dns.resolv_conf_reading.source});
    finding.notes.emplace_back("a search domain may have completed the name, and taken it for a "
                               "host that is not meant");
    finding.verify = fmt::format("getent ahosts {}", shell_word(probe.subject));
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    if (context.snapshot().dns.search.empty()) {
        return;
    }
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        if (probe.kind == Probe::Kind::name && is_short_name(probe.subject) &&
            are_all_public(context.judgement.answers[i])) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::search_domain_hijack = {
    .info =
        {.id = "search-domain-hijack",
         .catalogue = "D09",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::hint,
         .summary = "a short name stands for an address on the Internet",
         .explanation =
             R"(When nginx loads, `search` of resolv.conf completes short names. Where the container or host that
is meant is not there, `app.corp.example` may be, and a wildcard record takes any name: nginx then sends
its requests to a stranger, and answers 502 or 504, or what that one says.

It is a hint: such a name may be meant.

**Repair.** Write the full name.

**Silent** where an address is in a private network; without `search`.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app:3000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [{"id": "1"}],
  "dns": {
    "resolv_conf": {"nameservers": ["192.168.1.1"], "search": ["corp.example"]},
    "static": [
      {"perspective": "1", "name": "app", "status": "ok", "addrs": ["203.0.113.7"]}
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://app:3000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [{"id": "1"}],
  "dns": {
    "resolv_conf": {"nameservers": ["192.168.1.1"], "search": ["corp.example"]},
    "static": [
      {"perspective": "1", "name": "app", "status": "ok", "addrs": ["172.18.0.5"]}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
