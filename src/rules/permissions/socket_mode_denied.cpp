#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"
#include "rules/socket_access.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Backend backend = find_backend(answer, context.facts);
        finding.notes.push_back(access_note(context, answer));
        finding.command = start_command(backend, context.facts);
        if (answer.component != nullptr) {
            finding.verify =
                fmt::format("stat -c '%A %U:%G' {}", shell_word(answer.component->path));
        }
    });
}

} // namespace

const Rule rules::socket_mode_denied = {
    .info =
        {.id = "socket-mode-denied",
         .catalogue = "G01",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx's workers may not write to the unix socket",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (13: Permission denied)`.

It is proven by the user, the groups and the capabilities of the worker that takes new connections,
and by mode, owner, group and access control list of the socket, as Linux compares them. Where nginx
does not run, the account that `user` names makes it likely.

**Repair.** Let whoever makes the socket give it to nginx: `SocketUser=` and `SocketMode=` of a
socket unit, `listen.owner`, `listen.group` and `listen.mode` of a pool of PHP-FPM, the umask of the
program. 0660 is enough.

**Silent** where the access control list could not be read; of workers that override permissions.
Other rules tell of groups that only old workers lack (`group-not-effective`) and of numbers that
differ between containers (`container-uid-mismatch`).
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
  "capture": {"netns": "1", "mntns": "2", "coverage": {"namespaces": "ok"}},
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "workers": [{"pid": 813, "uid": 33, "gid": 33, "groups": [33]}]
      }
    ]
  },
  "netns": [
    {
      "id": "1",
      "unix_listeners": [
        {
          "path": "/run/app/web.sock",
          "type": "stream",
          "listening": true,
          "vfs": {"dev": 26, "ino": 71}
        }
      ],
      "readings": {"unix_sockets": "ok"}
    }
  ],
  "paths": [
    {
      "mntns": "2",
      "path": "/run/app/web.sock",
      "status": "ok",
      "components": [
        {
          "path": "/",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run/app",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run/app/web.sock",
          "type": "socket",
          "mode": "0660",
          "uid": 1001,
          "gid": 1001,
          "dev": 26,
          "ino": 71,
          "acl_status": "absent"
        }
      ]
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
  "capture": {"netns": "1", "mntns": "2", "coverage": {"namespaces": "ok"}},
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "workers": [{"pid": 813, "uid": 33, "gid": 33, "groups": [33]}]
      }
    ]
  },
  "netns": [
    {
      "id": "1",
      "unix_listeners": [
        {
          "path": "/run/app/web.sock",
          "type": "stream",
          "listening": true,
          "vfs": {"dev": 26, "ino": 71}
        }
      ],
      "readings": {"unix_sockets": "ok"}
    }
  ],
  "paths": [
    {
      "mntns": "2",
      "path": "/run/app/web.sock",
      "status": "ok",
      "components": [
        {
          "path": "/",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run/app",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run/app/web.sock",
          "type": "socket",
          "mode": "0660",
          "uid": 1001,
          "gid": 33,
          "dev": 26,
          "ino": 71,
          "acl_status": "absent"
        }
      ]
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
