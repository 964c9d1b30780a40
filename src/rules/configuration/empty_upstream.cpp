#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::empty_upstream = {
    .info = {.id = "empty-upstream",
             .catalogue = "A05",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "a group has no servers",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] no servers are inside upstream in FILE:LINE`.

**Repair.** Give the group a `server`. Where an `include` in it is meant to bring them, look which files
its pattern finds: one that finds none is no error by itself.
)",
             .bad = {.conf = R"(events { }
http {
    upstream app {
        include servers/*.conf;
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
        include servers/*.conf;
        server 127.0.0.1:3000;
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
