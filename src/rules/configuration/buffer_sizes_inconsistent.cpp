#include "rules/rules.hpp"

namespace upstream_lint {

const Rule rules::buffer_sizes_inconsistent = {
    .info = {.id = "buffer-sizes-inconsistent",
             .catalogue = "A19",
             .group = RuleGroup::configuration,
             .impact = Impact::crit,
             .confidence = Confidence::proven,
             .summary = "sizes of buffers do not go together",
             .explanation =
                 R"(nginx does not start, and a reload leaves the old configuration running:
`[emerg] "proxy_busy_buffers_size" must be less than the size of all "proxy_buffers" minus one buffer`.
It is said of `fastcgi_`, `uwsgi_` and `scgi_` buffers, too.

**Repair.** Whoever raises `proxy_buffer_size` raises `proxy_buffers` and `proxy_busy_buffers_size` as
well: `proxy_buffer_size 128k; proxy_buffers 4 256k; proxy_busy_buffers_size 256k;`.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_buffer_size 128k;
            proxy_pass http://127.0.0.1:3000;
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
            proxy_buffer_size 128k;
            proxy_buffers 4 256k;
            proxy_busy_buffers_size 256k;
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
)",
                      .facts = ""}},
    .check = nullptr};

} // namespace upstream_lint
