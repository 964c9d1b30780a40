#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"
#include "rules/socket_access.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("or move the socket to a folder below /run");
        if (answer.component != nullptr) {
            finding.command = fmt::format("setfacl -m u:{}:x {}", shell_word(worker_name(context)),
                                          shell_word(answer.component->path));
        }
        if (answer.path != nullptr) {
            finding.verify = fmt::format("namei -l {}", shell_word(answer.path->path));
        }
    });
}

} // namespace

const Rule rules::parent_dir_not_traversable = {
    .info =
        {.id = "parent-dir-not-traversable",
         .catalogue = "G02",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx's workers may not search a folder on the way to the unix socket",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (13: Permission denied)`. Home folders of
recent systems, and those of releases, are closed to others.

It is proven as for `socket-mode-denied`, folder by folder, links followed.

**Repair.** Move the socket to a folder below `/run`, or let nginx's user search the folder with an
entry of an access control list.

**Silent** where an access control list on the way could not be read; of workers that override
permissions.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/home/app/run/web.sock;
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
          "path": "/home/app/run/web.sock",
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
      "path": "/home/app/run/web.sock",
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
          "path": "/home",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/home/app",
          "type": "dir",
          "mode": "0750",
          "uid": 1001,
          "gid": 1001,
          "acl_status": "absent"
        },
        {
          "path": "/home/app/run",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/home/app/run/web.sock",
          "type": "socket",
          "mode": "0666",
          "uid": 33,
          "gid": 33,
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
            proxy_pass http://unix:/home/app/run/web.sock;
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
          "path": "/home/app/run/web.sock",
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
      "path": "/home/app/run/web.sock",
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
          "path": "/home",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/home/app",
          "type": "dir",
          "mode": "0755",
          "uid": 1001,
          "gid": 1001,
          "acl_status": "absent"
        },
        {
          "path": "/home/app/run",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/home/app/run/web.sock",
          "type": "socket",
          "mode": "0666",
          "uid": 33,
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
