#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::upstream_name_with_port = {
    .info = {.id = "upstream-name-with-port",
             .catalogue = "A06",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "a port stands behind the name of a group",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] upstream "NAME" may not have port 8080 in FILE:LINE`. The ports stand at the servers of the
group.

**Repair.** Take the port away, or use a name that no `upstream` has.

**Silent** where the block is in a file that is not included: then the name is looked up, and
`undefined-upstream-name` may tell of it.
)",
             .bad = {.conf = R"(events { }
http {
    upstream app {
        server 127.0.0.1:3000;
    }
    server {
        listen 80;
        location / {
            proxy_pass http://app:3000;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    upstream app {
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
