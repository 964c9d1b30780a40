#include "rules/fault_finding.hpp"
#include "rules/mandatory_access.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>
#include <string_view>

namespace upstream_lint {

namespace {

/// Of files in homes and in /tmp, which the usual policy lets no web server write to.
bool is_private_type(std::string_view type) {
    constexpr std::array<std::string_view, 5> types = {"user_home_t", "user_home_dir_t",
                                                       "admin_home_t", "user_tmp_t", "tmp_t"};
    return std::ranges::find(types, type) != types.end();
}

/// The label of the socket's file, where it tells that SELinux may forbid what modes allow.
std::string doubtful_label(const RuleContext& context, const ProbeAnswer& answer) {
    const auto& worker = context.perspective.worker;
    const bool is_judged = context.snapshot().selinux_enforcing.value_or(false) && worker &&
                           selinux_type(worker->label) == "httpd_t";
    const bool is_socket = answer.verdict == Verdict::satisfied && answer.path != nullptr &&
                           !answer.path->components.empty();
    if (!is_judged || !is_socket) {
        return {};
    }
    const std::string& label = answer.path->components.back().label;
    return is_private_type(selinux_type(label)) ? label : std::string();
}

void add_advice(Finding& finding, const ProbeAnswer& answer) {
    finding.notes.emplace_back("a socket below /run with the label httpd_var_run_t is open to "
                               "nginx: `semanage fcontext -a -t httpd_var_run_t 'FOLDER(/.*)?'`, "
                               "`restorecon -R FOLDER`; a program of its own domain needs a module "
                               "of the policy");
    finding.notes.emplace_back("`ausearch -m avc -ts recent` shows what was forbidden");
    if (answer.path != nullptr) {
        finding.verify = fmt::format("ls -Z {}", shell_word(answer.path->path));
    }
}

void add_doubts(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const auto label_and_path = [&](ProbeId, const ProbeAnswer& answer) {
        const std::string label = doubtful_label(context, answer);
        return label.empty() ? label : label + ' ' + answer.path->path;
    };
    for (const Fault& questions : group_questions(context, label_and_path)) {
        const ProbeAnswer& answer = context.judgement.answer(questions.probes.front());
        const PathComponent& file = answer.path->components.back();
        Finding finding = finding_of(
            context, info, questions, Confidence::hint,
            fmt::format("{} is labelled {}, to which SELinux usually lets no web server write",
                        answer.path->path, selinux_type(file.label)));
        finding.evidence.push_back({.fact = "label of the socket's file",
                                    .value = file.label,
                                    .source = "security.selinux"});
        finding.evidence.push_back({.fact = "label of nginx's workers",
                                    .value = context.perspective.worker->label,
                                    .source = context.perspective.worker_source});
        add_advice(finding, answer);
        findings.push_back(std::move(finding));
    }
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, add_advice);
    add_doubts(context, info, findings);
}

} // namespace

const Rule rules::selinux_socket = {
    .info =
        {.id = "selinux-socket",
         .catalogue = "G05",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "SELinux does not let nginx connect to the unix socket",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (13: Permission denied)`, as it does where modes
forbid it. SELinux wants two things: that nginx's domain may write to the file, and that it may connect
to the domain of the program.

It is likely where SELinux is enforcing and `--probe connect` as root is refused with `EACCES`, though
the modes let nginx's workers in: by a process of their domain, or one that is not confined. Where nginx runs as
`httpd_t`, the label of a file in a home or in /tmp is a hint without that.

**Repair.** Move the socket below `/run` and give its folder the label `httpd_var_run_t`; where the
domain of the program is what is forbidden, load a module of the policy (`ausearch -m avc -ts recent`
shows which of the two it is). Turning SELinux off is no repair.

**Silent** where nobody connected as root, or the labels could not be read. The policy itself is not read: a
domain that is permissive, and a module that allows it, are not seen.
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
  "capture": {
    "uid": 0,
    "label": "unconfined_u:unconfined_r:unconfined_t:s0",
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
            "mac": {"label": "system_u:system_r:httpd_t:s0"}
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
          "comm": "puma",
          "label": "system_u:system_r:initrc_t:s0"
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
          "acl_status": "absent",
          "label": "unconfined_u:object_r:var_run_t:s0"
        }
      ]
    }
  ],
  "mac": {"selinux": {"enforcing": true}},
  "probes": [
    {
      "perspective": "1",
      "target": "unix:/run/app/web.sock",
      "status": "ok",
      "connect": {"errno": "EACCES"}
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
  "capture": {
    "uid": 0,
    "label": "unconfined_u:unconfined_r:unconfined_t:s0",
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
            "mac": {"label": "system_u:system_r:httpd_t:s0"}
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
          "comm": "puma",
          "label": "system_u:system_r:httpd_t:s0"
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
          "acl_status": "absent",
          "label": "system_u:object_r:httpd_var_run_t:s0"
        }
      ]
    }
  ],
  "mac": {"selinux": {"enforcing": true}},
  "probes": [
    {
      "perspective": "1",
      "target": "unix:/run/app/web.sock",
      "status": "ok",
      "connect": {"ms": 0.2}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
