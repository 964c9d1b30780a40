#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

namespace upstream_lint {

namespace {

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    add_faults(context, info, findings, [&](Finding& finding, const ProbeAnswer&) {
        finding.notes.emplace_back("`ausearch -m avc -ts recent` shows what was forbidden; a port "
                                   "can be given the label http_port_t instead");
        finding.command = "setsebool -P httpd_can_network_connect 1";
        finding.verify = "getsebool httpd_can_network_connect";
    });
}

} // namespace

const Rule rules::selinux_network = {
    .info =
        {.id = "selinux-network",
         .catalogue = "G04",
         .group = RuleGroup::permissions,
         .impact = Impact::high,
         .confidence = Confidence::likely,
         .summary = "SELinux does not let nginx connect to the network",
         .explanation =
             R"(nginx answers 502 and logs `connect() to ADDRESS failed (13: Permission denied)`: of TCP, that is
SELinux most of the time.

It is likely where SELinux is enforcing and a connection ended that way.

**Repair.** `setsebool -P httpd_can_network_connect 1`, or give the port a label that nginx may
connect to. Turning SELinux off is no repair.

**Silent** without a connection that was tried: which booleans are set is not read.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:8081;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8081}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "mac": {"selinux": {"enforcing": true}},
  "probes": [
    {
      "perspective": "1",
      "target": "127.0.0.1:8081",
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
            proxy_pass http://127.0.0.1:8081;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1"},
  "netns": [
    {
      "id": "1",
      "addresses": ["127.0.0.1/8"],
      "tcp_listeners": [{"addr": "127.0.0.1", "port": 8081}],
      "readings": {"addresses": "ok", "tcp_listeners": "ok"}
    }
  ],
  "mac": {"selinux": {"enforcing": true}},
  "probes": [
    {
      "perspective": "1",
      "target": "127.0.0.1:8081",
      "status": "ok",
      "connect": {"ms": 0.2}
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
