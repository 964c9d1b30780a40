#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("only `mirror` leads there: clients get their answers");
        const Backend backend = find_backend(answer, context.facts);
        if (backend.is_known) {
            finding.notes.push_back(
                fmt::format("{} is meant to be there: {}", name_of(backend), backend.known_by));
        }
        finding.command = start_command(backend, context.facts);
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::mirror_or_background_target_dead = {
    .info = {.id = "mirror-or-background-target-dead",
             .catalogue = "A22",
             .group = RuleGroup::configuration,
             .impact = Impact::low,
             .confidence = Confidence::proven,
             .summary = "who gets copies of requests does not answer",
             .explanation =
                 R"(`mirror` sends a copy of each request and throws the answer away. nginx logs the
error of the connection; the client gets its answer all the same.

The location is `internal`, and nothing but `mirror` leads to it. What is proven is what the rules for
other targets prove.

**Repair.** Start who is meant to take the copies, or take `mirror` away.

**Silent** where other requests get to the location, too: then it is told as an error. A name that is
not known when nginx loads is always one.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            mirror /copy;
            root /srv/www;
        }
        location = /copy {
            internal;
            proxy_pass http://127.0.0.1:3000;
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
  ]
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            mirror /copy;
            root /srv/www;
        }
        location = /copy {
            internal;
            proxy_pass http://127.0.0.1:3000;
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
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
