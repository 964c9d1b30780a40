#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

void add_pools(Finding& finding, const RuleContext& context, std::string_view path) {
    std::vector<std::string_view> files;
    for (const FpmPool& pool : context.snapshot().fpm.pools) {
        if (pool.listen == path) {
            files.push_back(pool.file);
        }
    }
    if (files.size() > 1) {
        finding.notes.push_back(
            fmt::format("several pools listen there: {}", fmt::join(files, ", ")));
    }
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        const Backend backend = find_backend(answer, context.facts);
        if (answer.path != nullptr) {
            add_pools(finding, context, answer.path->path);
        }
        finding.notes.emplace_back("give each program a path of its own");
        finding.command = start_command(backend, context.facts);
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::socket_stolen_by_second_instance = {
    .info =
        {.id = "socket-stolen-by-second-instance",
         .catalogue = "B12",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "a program listens, and the file of its socket is gone or another one",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed`, with `(2: No such file or directory)`
or `(111: Connection refused)`, though the program runs. Two programs with one path do that: the
second replaces the file of the first, or the one that ends removes that of the other. Cleaning of
`/tmp` does it, too.

It is likely where a socket listens under the name and no file, or another one, is at the path.

**Repair.** Give each program a path of its own, then start the one that nginx needs anew.

**Silent** where the program is in a container (`socket-not-shared-with-container`) or has a `/tmp`
of its own (`private-tmp-hides-socket`).
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
          "vfs": {"dev": 26, "ino": 71},
          "unit": "app.service"
        }
      ],
      "readings": {"unix_sockets": "ok"}
    }
  ],
  "paths": [
    {
      "mntns": "2",
      "path": "/run/app/web.sock",
      "status": "absent",
      "errno": "ENOENT",
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
        }
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
