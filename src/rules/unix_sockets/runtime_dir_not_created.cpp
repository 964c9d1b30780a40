#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.culprit.starts_with("/run/user/")) {
            finding.notes.emplace_back("it is there while its user is logged in; `loginctl "
                                       "enable-linger` keeps it");
        }
        if (find_backend(answer, context.facts).is_known) {
            add_absent_backend(finding, answer, context.facts, "listen there");
        } else {
            finding.notes.emplace_back("`RuntimeDirectory=` in the unit of the program makes it");
        }
        finding.verify = fmt::format("stat {}", shell_word(answer.culprit));
    });
}

} // namespace

const Rule rules::runtime_dir_not_created = {
    .info =
        {.id = "runtime-dir-not-created",
         .catalogue = "B07",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the folder below /run that the socket belongs into is not there",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (2: No such file or directory)`. `/run`
is empty after each start of the machine; whoever needs a folder there has to have it made.

It is proven by looking at the path.

**Repair.** `RuntimeDirectory=` in the unit of the program makes the folder when it starts; so does
a file in `/etc/tmpfiles.d`. Then start the program.

**Silent** about folders elsewhere (`socket-missing`), and in containers whose `/run` is their own
(`socket-not-shared-with-container`).
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
  "netns": [{"id": "1", "unix_listeners": [], "readings": {"unix_sockets": "ok"}}],
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
        }
      ],
      "siblings": [],
      "siblings_reading": "absent"
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
