#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [](Finding& finding, const ProbeAnswer&) {
        finding.notes.emplace_back("nginx says `host not found` and does not start");
        finding.notes.emplace_back("envsubst leaves what the environment does not have");
    });
}

} // namespace

const Rule rules::template_not_rendered = {
    .info = {.id = "template-not-rendered",
             .catalogue = "A18",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "a variable of a template was left, or replaced by nothing",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] unknown "backend_host" variable` of `${BACKEND_HOST}`, `[emerg] no host in upstream ":8080"`
where it was replaced by nothing, and `[emerg] host not found in upstream "${APP}:80"` where nginx takes
no variables.

**Repair.** Give the program that renders the template the variable. The image of nginx replaces those
that its environment has, and of them those that `NGINX_ENVSUBST_FILTER` matches.

**Silent** about variables in lower case, which are nginx's own or misspelled.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://${BACKEND_HOST}:3000;
        }
    }
}
)",
                     .facts = ""},
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
                      .facts = ""}},
    .check = check};

} // namespace upstream_lint
