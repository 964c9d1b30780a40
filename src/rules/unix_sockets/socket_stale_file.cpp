#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (find_backend(answer, context.facts).is_known) {
            add_absent_backend(finding, answer, context.facts, "listen there");
        }
        finding.verify = listener_command(answer);
    });
}

} // namespace

const Rule rules::socket_stale_file = {
    .info =
        {.id = "socket-stale-file",
         .catalogue = "B03",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the file of a socket is left over, and nobody listens there",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (111: Connection refused)`. A program
that dies without removing its socket leaves it behind.

It is proven by the unix sockets of all network namespaces of the host: none of them is bound to
that file. A refused connection proves the same.

**Repair.** Start the program that listens there. Remove the file only where the program says that
the address is in use.

**Silent** where not every network namespace could be read, and no connection was tried: a socket is
listed in the namespace of its program, and can be reached from all of them.
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
