#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back(
            context.perspective.instance == nullptr
                ? "nginx would not start"
                : "nginx goes on with the addresses it has; it would not start, nor take a reload");
        finding.notes.emplace_back(
            "a name that comes and goes belongs into a variable, or is given "
            "`resolve`, with a `resolver`");
        if (answer.name != nullptr) {
            finding.verify = fmt::format("getent ahosts {}", shell_word(answer.name->name));
        }
    });
}

} // namespace

const Rule rules::host_not_found_at_load = {
    .info = {.id = "host-not-found-at-load",
             .catalogue = "A02",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "a name that nginx looks up when it loads is not known",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] host not found in upstream "NAME" in FILE:LINE`.

It is proven by asking as nginx does, with getaddrinfo, where nginx runs.

**Repair.** Correct the name. A name that is there only at times is looked up for each request when it
stands in a variable, or has `resolve` in a group with a `zone` (1.27.3 and later), with a `resolver`.

**Silent** about names that are looked up for requests; where the lookup took too long; about names of
another machine or container, which could not be asked there.
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
  "netns": [{"id": "1"}],
  "dns": {
    "static": [
      {"perspective": "1", "name": "app.internal", "status": "absent", "error": "EAI_NONAME"}
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
  "netns": [{"id": "1"}],
  "dns": {
    "static": [
      {"perspective": "1", "name": "app.internal", "status": "timeout"}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
