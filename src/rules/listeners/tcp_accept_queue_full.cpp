#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <optional>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("its workers do not take connections as fast as they come; "
                                   "find out why before its backlog is raised");
        const auto limit =
            answer.network == nullptr ? std::optional<std::uint32_t>() : answer.network->somaxconn;
        if (answer.listener != nullptr && limit && answer.listener->backlog == limit) {
            finding.notes.push_back(
                fmt::format("its backlog ends at net.core.somaxconn, which is {}", *limit));
        }
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::tcp_accept_queue_full = {
    .info =
        {.id = "tcp-accept-queue-full",
         .catalogue = "C11",
         .group = RuleGroup::listeners,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "more connections wait at the listener than may",
         .explanation =
             R"(Linux drops what does not find room; nginx waits for `proxy_connect_timeout`, answers 504 and logs
`upstream timed out (110: Connection timed out) while connecting to upstream`.

It is proven by the queue of the listener (sock_diag): it is longer than what the program asked for
with listen(2), or `net.core.somaxconn` left of that.

**Repair.** Find out first why the program does not take connections: all its workers are busy,
mostly. Only then raise its backlog and `net.core.somaxconn`.

**Silent** about queues that are not full, and where the limit could not be read.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000, "queue": 129, "backlog": 128}],
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 3000, "queue": 2, "backlog": 128}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
