#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/socket_access.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// A worker that takes new connections; null: none is known.
const Worker* worker_of(const NginxInstance* instance) {
    if (instance == nullptr) {
        return nullptr;
    }
    const auto found = std::ranges::find(instance->workers, false, &Worker::is_shutting_down);
    return found == instance->workers.end() ? nullptr : &*found;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer&) {
        finding.notes.push_back(fmt::format(
            "the user {} is in the group by now; new workers will be", worker_name(context)));
        finding.command = "nginx -s reload";
        if (const Worker* const worker = worker_of(context.perspective.instance)) {
            finding.verify = fmt::format("grep Groups /proc/{}/status", worker->pid);
        }
    });
}

} // namespace

const Rule rules::group_not_effective = {
    .info =
        {.id = "group-not-effective",
         .catalogue = "G03",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "nginx's workers are older than the group that lets them in",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (13: Permission denied)`, though its user
is in the group: processes keep the groups that they started with.

It is proven by the groups of the worker, which do not let it in, and those of its account, which
do.

**Repair.** Reload nginx: new workers get the groups of the account.

**Silent** where nginx does not run, or runs in a container, whose accounts are its own.
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
  ],
  "accounts": [{"name": "www-data", "uid": 33, "gid": 33, "groups": [33, 1001]}]
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
        "workers": [{"pid": 813, "uid": 33, "gid": 33, "groups": [33, 1001]}]
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
  ],
  "accounts": [{"name": "www-data", "uid": 33, "gid": 33, "groups": [33, 1001]}]
}
)"}},
    .check = check};

} // namespace upstream_lint
