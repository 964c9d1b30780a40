#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::refused_by_nginx = {
    .info =
        {.id = "refused-by-nginx",
         .catalogue = "",
         .group = RuleGroup::configuration,
         .impact = Impact::crit,
         .confidence = Confidence::proven,
         .summary = "nginx refuses the configuration",
         .explanation =
             R"(nginx does not start, and a reload leaves the old configuration running. The message is nginx's own.

It is proven by reading the configuration as nginx does; `nginx-upstream-lint test` tells the same.

**Repair.** Correct what the message names. Nothing else is said of a configuration that is refused, as
it means nothing.

**Silent** about what nginx looks up or opens besides: names, certificates, log files.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pas http://127.0.0.1:3000;
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
    .check = nullptr};

} // namespace upstream_lint
