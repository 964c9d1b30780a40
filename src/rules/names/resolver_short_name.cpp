#include "rules/fault_finding.hpp"
#include "rules/name_servers.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void finish(Finding& finding, const Probe& probe) {
    finding.notes.emplace_back("`search` and `ndots` of resolv.conf are for other programs: nginx "
                               "asks for the name as it stands");
    finding.notes.emplace_back("write the full name: `app.namespace.svc.cluster.local`");
    finding.verify = ask_command(probe);
}

void add(const RuleContext& context, const RuleInfo& info, ProbeId id,
         std::vector<Finding>& findings) {
    const Probe& probe = context.plan.probe(id);
    Finding finding =
        finding_of(context, info, question_of(context, id), Confidence::likely,
                   fmt::format("{} is no full name, and the name servers {} know full ones alone",
                               probe.subject, fmt::join(probe.resolvers, ", ")));
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
        if (!is_asked && probe.kind == Probe::Kind::resolver_name && is_short_name(probe.subject) &&
            !is_local_name(probe.subject) && need_full_names(probe.resolvers)) {
            add(context, info, {i}, findings);
        }
    }
}

} // namespace

const Rule rules::resolver_short_name = {
    .info =
        {.id = "resolver-short-name",
         .catalogue = "D04",
         .group = RuleGroup::names,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "a name of one label is looked up by name servers that know full names",
         .explanation =
             R"(nginx asks for names as they stand: it does not complete them with `search` of resolv.conf. It
answers 502 and logs `app could not be resolved (3: Host not found)` while ping and curl find the host.

It is proven by asking the name servers; without facts it is likely of name servers on the Internet, and
of those of Kubernetes by their name.

**Repair.** Write the full name (`app.namespace.svc.cluster.local`) and reload nginx.

**Silent** about 127.0.0.11, Docker's name server, which knows short names; about name servers in private
networks that nobody asked: some of them do, too.
)",
         .bad = {.conf = R"(events { }
http {
    resolver 8.8.8.8;
    server {
        listen 80;
        location / {
            set $backend app;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                 .facts = ""},
         .good = {.conf = R"(events { }
http {
    resolver 127.0.0.11;
    server {
        listen 80;
        location / {
            set $backend app;
            proxy_pass http://$backend:3000;
        }
    }
}
)",
                  .facts = ""}},
    .check = check};

} // namespace upstream_lint
