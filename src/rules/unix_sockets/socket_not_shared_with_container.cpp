#include "rules/backend.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer& answer) {
        finding.notes.emplace_back("give nginx and the program a volume for the folder that the "
                                   "socket is in");
        const Container* const container = context.perspective.container;
        if (answer.path != nullptr) {
            const std::string path = shell_word(answer.path->path);
            finding.verify = container == nullptr
                                 ? fmt::format("ls -l {}", path)
                                 : fmt::format("{} exec {} ls -l {}", engine_of(*container),
                                               shell_word(name_of(*container)), path);
        }
    });
}

} // namespace

const Rule rules::socket_not_shared_with_container = {
    .info =
        {.id = "socket-not-shared-with-container",
         .catalogue = "B09",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the socket is in files that nginx and its program do not share",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (2: No such file or directory)`: it is in
a container and the program is not in the same one, or the other way round, and no volume holds the
socket.

It is proven by the path as nginx sees it, together with a program that listens under that name
elsewhere, or a folder that nginx's container neither has nor mounts.

**Repair.** Give both a volume for the folder that the socket is in.

**Silent** where the folder is there and nobody listens under that name elsewhere
(`socket-missing`): images with nginx and its program are like that.
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
        "workers": [{"pid": 813, "uid": 33, "gid": 33, "groups": [33]}],
        "container": "5f1e"
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
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "5f1e",
        "engine": "docker",
        "names": ["shop-web-1"],
        "project": "shop",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "1"
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
        "workers": [{"pid": 813, "uid": 33, "gid": 33, "groups": [33]}],
        "container": "5f1e"
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
  ],
  "containers": {
    "engines": [{"name": "docker", "status": "ok"}],
    "items": [
      {
        "id": "5f1e",
        "engine": "docker",
        "names": ["shop-web-1"],
        "project": "shop",
        "service": "web",
        "state": {"status": "running"},
        "network_mode": "shop_default",
        "sandbox_netns": "1",
        "mounts": [{"type": "volume", "source": "run", "target": "/run/app"}]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
