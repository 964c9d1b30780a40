#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        add_absent_backend(finding, answer, context.facts, "make it");
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::socket_missing = {
    .info =
        {.id = "socket-missing",
         .catalogue = "B01",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the unix socket that nginx connects to is not there",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (2: No such file or directory)`
at the level `crit`.

It is proven by looking at the path where nginx sees it, in the mount namespace of its master, part by
part.

**Repair.** Start the program that makes the socket, and read in its log why it stopped. nginx needs no
reload.

**Silent** where the path could not be looked at. Other rules tell of a socket under another name
(`socket-path-mismatch`), of a folder that is missing (`runtime-dir-not-created`) and of links that lead
nowhere (`socket-symlink-dangling`).
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/run/app/web.sock;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1", "mntns": "2"},
  "netns": [{"id": "1", "readings": {"unix_sockets": "ok"}}],
  "paths": [
    {
      "mntns": "2",
      "path": "/run/app/web.sock",
      "status": "absent",
      "errno": "ENOENT",
      "components": [
        {"path": "/", "type": "dir", "mode": "0755", "uid": 0, "gid": 0},
        {"path": "/run", "type": "dir", "mode": "0755", "uid": 0, "gid": 0},
        {"path": "/run/app", "type": "dir", "mode": "0755", "uid": 0, "gid": 0}
      ],
      "siblings": [],
      "siblings_reading": "ok"
    }
  ]
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/run/app/web.sock;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1", "mntns": "2"},
  "paths": [
    {"mntns": "2", "path": "/run/app/web.sock", "status": "timeout"}
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
