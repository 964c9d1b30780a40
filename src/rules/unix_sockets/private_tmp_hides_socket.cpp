#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("put the socket below /run, with `RuntimeDirectory=` in the "
                                   "unit of the program");
        if (answer.socket != nullptr && !answer.socket->owner.unit.empty()) {
            finding.verify = fmt::format("systemctl show -p PrivateTmp {}",
                                         shell_word(answer.socket->owner.unit));
        }
    });
}

} // namespace

const Rule rules::private_tmp_hides_socket = {
    .info =
        {.id = "private-tmp-hides-socket",
         .catalogue = "B10",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the socket is in a /tmp that nginx does not see",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/tmp/NAME failed (2: No such file or directory)`,
though the program runs: `PrivateTmp=` gives it, or nginx, a `/tmp` and a `/var/tmp` of its own.

It is proven by the path as nginx sees it, a socket that listens under the same name, and the
setting of one of the two units.

**Repair.** Put the socket below `/run`, with `RuntimeDirectory=`.

**Silent** where neither unit has the setting: then the file was removed
(`socket-stolen-by-second-instance`); where both share it, and nginx sees the socket.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/tmp/web.sock;
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
          "path": "/tmp/web.sock",
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
      "path": "/tmp/web.sock",
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
          "path": "/tmp",
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
  ],
  "systemd": {
    "units": [
      {"id": "app.service", "load": "loaded", "active": "active", "private_tmp": true}
    ]
  }
}
)"},
         .good = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://unix:/tmp/web.sock;
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
          "path": "/tmp/web.sock",
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
      "path": "/tmp/web.sock",
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
          "path": "/tmp",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/tmp/web.sock",
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
  ],
  "systemd": {
    "units": [
      {"id": "app.service", "load": "loaded", "active": "active", "private_tmp": true}
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
