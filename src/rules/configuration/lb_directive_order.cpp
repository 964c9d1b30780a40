#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (const Diagnostic& diagnostic : context.model.config().diagnostics()) {
        if (!diagnostic.message.starts_with("load balancing method redefined")) {
            continue;
        }
        Finding finding = finding_of(info, Confidence::proven, diagnostic.message);
        finding.places.push_back({.span = diagnostic.span, .trail = diagnostic.trail});
        finding.labels = diagnostic.labels;
        finding.notes = diagnostic.notes;
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::lb_directive_order = {
    .info = {.id = "lb-directive-order",
             .catalogue = "A21",
             .group = RuleGroup::configuration,
             .impact = Impact::low,
             .confidence = Confidence::proven,
             .summary = "a group has two methods, of which the last counts",
             .explanation =
                 R"(nginx warns: `[warn] load balancing method redefined in FILE:LINE`. Of `hash`,
`ip_hash`, `least_conn` and `random` the last one counts. Before 1.29.7 `keepalive` in front of one is
lost, too, and each request opens a connection of its own.

**Repair.** One method, and `keepalive` behind it.
)",
             .bad = {.conf = R"(events { }
http {
    upstream app {
        server 127.0.0.1:3000;
        ip_hash;
        least_conn;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://app;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    upstream app {
        least_conn;
        server 127.0.0.1:3000;
        keepalive 16;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://app;
        }
    }
}
)",
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
