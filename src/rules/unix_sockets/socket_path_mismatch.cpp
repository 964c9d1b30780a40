#include "rules/candidates.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// Where a fault's targets are written: `server` lines, and directives that name the socket.
std::vector<DirectiveRef> directives_of(const RuleContext& context, const Fault& fault) {
    std::vector<DirectiveRef> directives;
    for (const Fault::Asker& asker : fault.askers) {
        const GraphTarget& target = context.graph.target(asker.target);
        if (!target.upstream.is_none()) {
            directives.push_back(target.peers[asker.peer].directive);
            continue;
        }
        for (const GraphEdgeId edge : target.edges) {
            directives.push_back(context.graph.edge(edge).directive);
        }
    }
    return directives;
}

/// Where a path stands in a directive, and is not the beginning of another; none: nowhere, or more
/// than once.
std::optional<Span> find_path(const RuleContext& context, DirectiveRef directive,
                              std::string_view path) {
    const Span span = place_of(context.model, directive).span;
    const std::string_view text = context.model.config().sources().text(span);
    const std::size_t found = text.find(path);
    if (found == std::string_view::npos || text.find(path, found + 1) != std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view behind = text.substr(found + path.size());
    if (!behind.empty() &&
        std::string_view(":;\"' \t\r\n").find(behind.front()) == std::string_view::npos) {
        return std::nullopt;
    }
    const auto begin = span.begin + static_cast<std::uint32_t>(found);
    return Span{span.file, begin, begin + static_cast<std::uint32_t>(path.size())};
}

/// None where a variable or an escape stands between: then nobody knows what to edit.
std::optional<FixIt> fix_of(const RuleContext& context, const Fault& fault,
                            const ProbeAnswer& answer) {
    constexpr std::string_view special = "\"' \t\r\n\\;{}$:";
    const std::string& wanted = answer.candidates.front();
    if (answer.candidates.size() != 1 || wanted.find_first_of(special) != std::string::npos) {
        return std::nullopt;
    }
    FixIt fix{.title = fmt::format("connect to {}", wanted), .edits = {}};
    std::set<Span> seen;
    for (const DirectiveRef directive : directives_of(context, fault)) {
        const auto span = find_path(context, directive, answer.path->path);
        if (!span) {
            return std::nullopt;
        }
        if (seen.insert(*span).second) {
            fix.edits.push_back({*span, wanted});
        }
    }
    return fix;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    for (const Fault& fault : context.judgement.faults) {
        if (fault.cause != info.id || fault.askers.empty()) {
            continue;
        }
        const ProbeAnswer& answer = context.judgement.answer(fault.probes.front());
        Finding finding = finding_of(context, info, fault);
        add_candidates(finding, answer.candidates);
        finding.fix = fix_of(context, fault, answer);
        finding.command = "nginx -t && nginx -s reload";
        finding.verify = fmt::format("ss -lx src {}", shell_word(answer.candidates.front()));
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::socket_path_mismatch = {
    .info =
        {.id = "socket-path-mismatch",
         .catalogue = "B02",
         .group = RuleGroup::unix_sockets,
         .impact = Impact::high,
         .confidence = Confidence::proven,
         .summary = "the program listens at another unix socket than nginx connects to",
         .explanation =
             R"(nginx answers 502 and logs `connect() to unix:/PATH failed (2: No such file or directory)`, while a
socket that is called nearly the same listens beside that path, or one of a pool of PHP-FPM does:
after an upgrade of PHP most of all.

It is proven by looking at the path, and by the unix sockets that listen.

**Repair.** Let nginx connect to the socket that listens; where there is one such socket, a fix does
that. Or give the program the old path.

**Silent** about sockets beside it that are called otherwise; about names that differ in a number
only, unless they are PHP's: those are instances. Where several sockets may be meant nothing is
edited.
)",
         .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
        location / {
            fastcgi_pass unix:/run/php/php8.1-fpm.sock;
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
          "path": "/run/php/php8.2-fpm.sock",
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
      "path": "/run/php/php8.1-fpm.sock",
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
          "path": "/run/php",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        }
      ],
      "siblings": [{"name": "php8.2-fpm.sock", "type": "socket"}],
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
            fastcgi_pass unix:/run/php/php8.2-fpm.sock;
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
          "path": "/run/php/php8.2-fpm.sock",
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
      "path": "/run/php/php8.2-fpm.sock",
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
          "path": "/run/php",
          "type": "dir",
          "mode": "0755",
          "uid": 0,
          "gid": 0,
          "acl_status": "absent"
        },
        {
          "path": "/run/php/php8.2-fpm.sock",
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
