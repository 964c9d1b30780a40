#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::resolver_config_invalid = {
    .info = {.id = "resolver-config-invalid",
             .catalogue = "D12",
             .group = RuleGroup::names,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "a word of `resolver` is no name server",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] invalid IPv6 address in resolver "[fe80::1%eth0]" in FILE:LINE`,
`[emerg] invalid port in resolver "fe80::1" in FILE:LINE`, `[emerg] no name servers defined in FILE:LINE`.
Addresses are often copied from resolv.conf, which has them without brackets and with the name of an
interface.

**Repair.** IPv6 stands in brackets; an address that needs an interface is not usable: name another.
)",
             .bad = {.conf = R"(events { }
http {
    resolver [fe80::1%eth0];
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
)",
                     .facts = ""},
             .good = {.conf = R"(events { }
http {
    resolver [fd00::53];
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
