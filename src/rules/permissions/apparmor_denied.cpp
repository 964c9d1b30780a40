#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        if (answer.path != nullptr) {
            finding.notes.push_back(fmt::format("`{} rw,` in the profile lets it in; then "
                                                "`apparmor_parser -r` of its file",
                                                answer.path->path));
        }
        finding.notes.emplace_back("programs of a snap have a /tmp of their own, too");
        finding.notes.emplace_back(
            "`journalctl -k -g 'apparmor=\"DENIED\"'` shows what was forbidden");
        finding.verify = "aa-status";
    });
}

} // namespace

const Rule rules::apparmor_denied = {
    .info =
        {.id = "apparmor-denied",
         .catalogue = "G06",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "AppArmor does not let nginx connect to the unix socket",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (13: Permission denied)`, as it does where modes
forbid it; the kernel logs `apparmor="DENIED" operation="connect" profile="nginx"`.

It is likely where nginx's workers run in a profile that is enforced, and `--probe connect` as root in
the same profile (`aa-exec -p nginx -- nginx-upstream-lint check --probe connect`) is refused with `EACCES`,
though the modes let the workers in.

**Repair.** Add a rule for the socket to the profile, and load it with `apparmor_parser -r`. `aa-complain`
only logs what is forbidden.

**Silent** where nobody connected in that profile: what a profile allows cannot be read. Of profiles that
complain.
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
                 .facts = R"json({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {
    "uid": 0,
    "label": "nginx (enforce)",
    "netns": "1",
    "mntns": "2",
    "coverage": {"namespaces": "ok"}
  },
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "workers": [
          {
            "pid": 813,
            "uid": 33,
            "gid": 33,
            "groups": [33],
            "mac": {"label": "nginx (enforce)"}
          }
        ]
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
          "comm": "puma"
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
          "mode": "0666",
          "uid": 1001,
          "gid": 1001,
          "dev": 26,
          "ino": 71,
          "acl_status": "absent"
        }
      ]
    }
  ],
  "probes": [
    {
      "perspective": "1",
      "target": "unix:/run/app/web.sock",
      "status": "ok",
      "connect": {"errno": "EACCES"}
    }
  ]
}
)json"},
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
                  .facts = R"json({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {
    "uid": 0,
    "label": "nginx (complain)",
    "netns": "1",
    "mntns": "2",
    "coverage": {"namespaces": "ok"}
  },
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "workers": [
          {
            "pid": 813,
            "uid": 33,
            "gid": 33,
            "groups": [33],
            "mac": {"label": "nginx (complain)"}
          }
        ]
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
          "comm": "puma"
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
          "mode": "0666",
          "uid": 1001,
          "gid": 1001,
          "dev": 26,
          "ino": 71,
          "acl_status": "absent"
        }
      ]
    }
  ],
  "probes": [
    {
      "perspective": "1",
      "target": "unix:/run/app/web.sock",
      "status": "ok",
      "connect": {"ms": 0.2}
    }
  ]
}
)json"}},
    .check = check};

} // namespace upstream_lint
