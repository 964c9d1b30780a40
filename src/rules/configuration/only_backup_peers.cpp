#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::only_backup_peers = {
    .info = {.id = "only-backup-peers",
             .catalogue = "A04",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "all servers of a group are `backup`",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] no servers in upstream "NAME" in FILE:LINE`.

**Repair.** At least one server of the group is no backup.

**Silent** where a module that is not known may have added servers.
)",
             .bad = {.conf = R"(events { }
http {
    upstream app {
        server 127.0.0.1:3000 backup;
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
        server 127.0.0.1:3000;
        server 127.0.0.1:3001 backup;
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
