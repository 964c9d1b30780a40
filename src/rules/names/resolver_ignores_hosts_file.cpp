#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void finish(Finding& finding, const Probe& probe) {
    finding.notes.emplace_back(
        "nginx reads the hosts file when it loads alone: for names that stand "
        "in no variable, without `resolve`");
    finding.verify = ask_command(probe);
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    Finding finding = finding_of(
        context, info, question_of(context, id), Confidence::likely,
        fmt::format("{} stands in the hosts file, which name servers do not know", probe.subject));
    finish(finding, probe);
    findings.push_back(std::move(finding));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finish(finding, probe_of(context, answer));
    });
    for (std::uint32_t i = 0; i < context.plan.probes.size(); ++i) {
        const Probe& probe = context.plan.probes[i];
        const ProbeAnswer& answer = context.judgement.answers[i];
        const bool is_asked = answer.verdict != Verdict::unknown || !answer.addresses.empty();
        if (!is_asked && probe.kind == Probe::Kind::resolver_name &&
            need_full_names(probe.resolvers) && is_local_name(probe.subject)) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::resolver_ignores_hosts_file = {
    .info =
        {.id = "resolver-ignores-hosts-file",
         .catalogue = "D05",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "a name of the hosts file is looked up by name servers",
         .explanation =
             R"(A name in a variable, or of a server with `resolve`, is asked from `resolver`; the hosts file is
not read. nginx answers 502 and logs `localhost could not be resolved (3: Host not found)`.

It is proven by asking the name servers; without facts it is likely of `localhost` and
`host.docker.internal` where all of them are on the Internet or in a cluster.

**Repair.** Write the address; or name the host where nginx looks it up when it loads: in `upstream`, or
in a pass directive without variables. nginx has to be reloaded.

**Silent** about other names that nobody asked for: name servers may know them as well. systemd-resolved
(127.0.0.53) does know the hosts file.
)",
         .bad = {.conf = R"(events { }
http {
    resolver 8.8.8.8;
    server {
        listen 80;
        location / {
            set $backend localhost;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                 .facts = ""},
         .good = {.conf = R"(events { }
http {
    resolver 127.0.0.53;
    server {
        listen 80;
        location / {
            set $backend localhost;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
