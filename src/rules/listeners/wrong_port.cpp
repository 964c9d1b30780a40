#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.listener != nullptr) {
            finding.notes.push_back(fmt::format("it listens on {}; correct the port on one side",
                                                socket_text(answer.listener->address)));
        }
        finding.verify = connect_command(answer);
    });
}

} // namespace

const Rule rules::wrong_port = {
    .info = {.id = "wrong-port",
             .catalogue = "C02",
             .group = RuleGroup::listeners,
             .impact = Impact::high,
             .confidence = Confidence::proven,
             .summary = "the program listens on another port than nginx connects to",
             .explanation =
                 R"(nginx answers 502 and logs `connect() failed (111: Connection refused)`.

It is proven by the listeners of the network namespace that has the address: none is on the port,
and the program is on another one. Which program that is, is known of a container with one port, and
of pools of PHP-FPM on their usual ports.

**Repair.** Correct the port on one of the two sides.

**Silent** where the container has several ports, and about programs that nothing else tells of
(`no-listener`).
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass 127.0.0.1:9001;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "php_fpm": {
    "pools": [
      {
        "file": "/etc/php/8.2/fpm/pool.d/www.conf",
        "name": "www",
        "listen": "127.0.0.1:9000"
      }
    ]
  }
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass 127.0.0.1:9000;
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
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 9000}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "php_fpm": {
    "pools": [
      {
        "file": "/etc/php/8.2/fpm/pool.d/www.conf",
        "name": "www",
        "listen": "127.0.0.1:9000"
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
