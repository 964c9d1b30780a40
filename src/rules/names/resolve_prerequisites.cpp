#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::resolve_prerequisites = {
    .info = {.id = "resolve-prerequisites",
             .catalogue = "D08",
             .group = RuleGroup::names,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "`resolve` lacks what it needs",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] resolving names at run time requires upstream "NAME" in FILE:LINE to be in shared memory`,
`[emerg] no resolver defined to resolve names at run time in upstream "NAME" in FILE:LINE`, and before
1.27.3 `[emerg] invalid parameter "resolve" in FILE:LINE`.

**Repair.** Give the group a `zone`, and a `resolver` to it or to what is around it. An older nginx looks
a name up again where it stands in a variable.
)",
             .bad = {.conf = R"(events { }
http {
    resolver 127.0.0.53;
    upstream app {
        server app.internal:3000 resolve;
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
    resolver 127.0.0.53;
    upstream app {
        zone app 64k;
        server app.internal:3000 resolve;
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
    .check = nullptr};

} // namespace upstream_lint
