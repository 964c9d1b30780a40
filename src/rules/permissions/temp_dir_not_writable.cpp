#include "resolve/temp_folders.hpp"
#include "rules/fault_finding.hpp"
#include "rules/permission.hpp"
#include "rules/rules.hpp"
#include "rules/shell_word.hpp"
#include "rules/socket_access.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace upstream_lint {

namespace {

/// What keeps workers from a folder.
struct Obstacle {
    std::string message;
    const PathComponent* component = nullptr; ///< null: nothing is there
    /// nginx takes it away when it starts or is reloaded (ngx_create_paths): it makes the last
    /// folder of a path and gives it to its user.
    bool ends_with_reload = false;
};

/// Whether the newest workers run with the configuration that is looked at.
bool runs_with_files(const Perspective& perspective) {
    const NginxInstance* const instance = perspective.instance;
    if (instance == nullptr || !instance->configuration_changed_at) {
        return false;
    }
    UnixTime loaded = 0;
    for (const Worker& worker : instance->workers) {
        loaded = worker.is_shutting_down ? loaded : std::max(loaded, worker.started_at);
    }
    return *instance->configuration_changed_at < loaded;
}

/// A folder on the way that workers may not search; `unknown` is set where one is not known.
const PathComponent* find_closed(std::span<const PathComponent> way, const Credentials& worker,
                                 bool& unknown) {
    for (const PathComponent& component : way) {
        if (component.type != PathComponent::Type::directory) {
            continue;
        }
        const Permission permission = permission_of(worker, component, Access::search);
        if (permission == Permission::denied) {
            return &component;
        }
        unknown = unknown || permission == Permission::unknown;
    }
    return nullptr;
}

std::optional<Obstacle> obstacle_at_folder(const PathFacts& facts, const Credentials& worker) {
    const PathComponent& last = facts.components.back();
    if (last.type != PathComponent::Type::directory) {
        return Obstacle{fmt::format("{} is no folder", facts.path), &last};
    }
    const bool is_denied = permission_of(worker, last, Access::write) == Permission::denied ||
                           permission_of(worker, last, Access::search) == Permission::denied;
    return is_denied
               ? std::optional(Obstacle{
                     fmt::format("nginx's workers may not write to {}", facts.path), &last, true})
               : std::nullopt;
}

/// None: there is no obstacle, or nobody knows.
std::optional<Obstacle> find_obstacle(const PathFacts& facts, const Credentials& worker) {
    const bool is_there = facts.reading.status == ReadStatus::ok && !facts.components.empty();
    const bool is_looked_at = is_there || facts.reading.status == ReadStatus::absent ||
                              facts.reading.status == ReadStatus::denied;
    if (!is_looked_at) {
        return std::nullopt;
    }
    bool unknown = false;
    const std::span<const PathComponent> all = facts.components;
    const auto way = is_there ? all.first(all.size() - 1) : all;
    if (const PathComponent* const closed = find_closed(way, worker, unknown)) {
        return Obstacle{fmt::format("nginx's workers may not search {}, on the way to {}",
                                    closed->path, facts.path),
                        closed};
    }
    if (unknown || facts.reading.status == ReadStatus::denied) {
        return std::nullopt;
    }
    return is_there ? obstacle_at_folder(facts, worker)
                    : Obstacle{fmt::format("{} is not there any more", facts.path), nullptr, true};
}

/// The defaults of an executable are those of nginx where it says so itself; what is relative
/// begins at the prefix that it was started with.
bool is_certain(const TempFolder& folder, const Perspective& perspective, std::string_view prefix) {
    if (!folder.is_relative) {
        return true;
    }
    std::string own = perspective.instance == nullptr ? "" : perspective.instance->prefix;
    own += own.ends_with('/') ? "" : "/";
    return own == prefix;
}

TempPaths default_paths(const Perspective& perspective) {
    return perspective.instance == nullptr || perspective.instance->configure_arguments.empty()
               ? TempPaths()
               : temp_paths_of(perspective.instance->configure_arguments);
}

void add_places(Finding& finding, const RuleContext& context, const TempFolder& folder) {
    for (const DirectiveRef directive : folder.directives) {
        finding.places.push_back(place_of(context.model, directive));
    }
    for (const GraphEdgeId edge : folder.edges) {
        add_edge(finding, context, edge);
    }
    for (const DirectiveRef upload : folder.uploads) {
        finding.places.push_back(place_of(context.model, upload));
    }
}

void add_evidence(Finding& finding, const Perspective& perspective, const PathFacts& facts,
                  const Obstacle& obstacle) {
    finding.evidence.push_back({.fact = fmt::format("path {}", facts.path),
                                .value = facts.error.empty() ? "there" : facts.error,
                                .source = facts.reading.source,
                                .status = std::string(read_status_name(facts.reading.status))});
    if (obstacle.component == nullptr) {
        return;
    }
    finding.evidence.push_back({.fact = fmt::format("mode of {}", obstacle.component->path),
                                .value = permission_text(*obstacle.component),
                                .source = facts.reading.source});
    finding.evidence.push_back({.fact = "nginx's workers",
                                .value = credentials_text(*perspective.worker),
                                .source = perspective.worker_source});
}

void add_advice(Finding& finding, const RuleContext& context, const TempFolder& folder,
                const Obstacle& obstacle) {
    if (folder.takes_responses) {
        finding.notes.emplace_back("responses that do not fit nginx's buffers are cut off, with "
                                   "the status that they began with");
    }
    if (folder.takes_bodies) {
        finding.notes.emplace_back("requests whose bodies do not fit `client_body_buffer_size` "
                                   "get 500");
    }
    if (obstacle.ends_with_reload) {
        finding.notes.emplace_back("nginx started by root makes the folder and gives it to its "
                                   "user whenever it starts or is reloaded");
        finding.command = "nginx -s reload";
    } else if (obstacle.component->type == PathComponent::Type::directory) {
        finding.command = fmt::format("setfacl -m u:{}:x {}", shell_word(worker_name(context)),
                                      shell_word(obstacle.component->path));
    }
    finding.verify = fmt::format("namei -l {}", shell_word(folder.path));
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const Perspective& perspective = context.perspective;
    if (!perspective.worker) {
        return;
    }
    const bool is_loaded = runs_with_files(perspective);
    for (const TempFolder& folder :
         find_temp_folders(context.model, context.graph, default_paths(perspective))) {
        const PathFacts* const facts =
            is_certain(folder, perspective, context.model.config().prefix())
                ? context.facts.path(perspective.mount_namespace, folder.path)
                : nullptr;
        const auto obstacle =
            facts == nullptr ? std::nullopt : find_obstacle(*facts, *perspective.worker);
        const bool may_end = obstacle && !is_loaded && obstacle->ends_with_reload;
        if (!obstacle || may_end) {
            continue;
        }
        Finding finding = finding_of(info, is_loaded ? Confidence::proven : Confidence::likely,
                                     obstacle->message);
        add_places(finding, context, folder);
        add_evidence(finding, perspective, *facts, *obstacle);
        add_advice(finding, context, folder, *obstacle);
        findings.push_back(std::move(finding));
    }
}

} // namespace

const Rule rules::temp_dir_not_writable = {
    .info =
        {.id = "temp-dir-not-writable",
         .catalogue = "G08",
         .group = RuleGroup::permissions,
         .impact = Impact::med,
         .confidence = Confidence::proven,
         .summary = "nginx's workers may not write to a folder for temporary files",
         .explanation =
             R"(What does not fit nginx's buffers goes to a file. Where a worker cannot make one, nginx logs
`[crit] open() "/PATH/0000000001" failed (13: Permission denied) while reading upstream` and cuts the
response off: its client sees the status 200 and half of a page. Of a request's body
(`client_body_temp_path`) it answers 500. Small ones go well all the while.

It is proven by the user, the groups and the capabilities of the newest worker, and by mode, owner,
group and access control list of each folder on the way, as Linux compares them; a folder that nginx
runs with and that is not there was removed. The folder is that of `proxy_temp_path`, `fastcgi_temp_path`,
`uwsgi_temp_path`, `scgi_temp_path` or `client_body_temp_path`, else the one that nginx was built with.

**Repair.** Reload nginx: started by root it makes the folder and gives it to the user of its workers
(`user`). It does that with the last folder of the path alone: those before it need the permission to
be searched.

**Silent** where responses are not buffered or not written to disk (`proxy_buffering off`,
`proxy_max_temp_file_size 0`), and bodies fit (`client_max_body_size` up to `client_body_buffer_size`);
where nginx does not run, or files were changed since it read them, of what it mends when it does;
where an access control list could not be read; of folders that nginx made inside, of caches and of
file systems that are mounted read-only.
)",
         .bad = {.conf = R"(events { }
http {
    proxy_temp_path /srv/tmp/proxy;
    client_body_temp_path /srv/tmp/body;
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
)",
                 .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1", "mntns": "2"},
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "configuration_changed_at": "2026-11-20T11:00:00Z",
        "workers": [
          {
            "pid": 813,
            "started_at": "2026-11-20T12:00:00Z",
            "uid": 33,
            "gid": 33,
            "groups": [33]
          }
        ]
      }
    ]
  },
  "paths": [
    {
      "mntns": "2",
      "path": "/srv/tmp/proxy",
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
          "path": "/srv/tmp/proxy",
          "type": "dir",
          "mode": "0700",
          "uid": 65534,
          "gid": 0,
          "acl_status": "absent"
        }
      ]
    },
    {
      "mntns": "2",
      "path": "/srv/tmp/body",
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
          "path": "/srv/tmp/body",
          "type": "dir",
          "mode": "0700",
          "uid": 33,
          "gid": 0,
          "acl_status": "absent"
        }
      ]
    }
  ]
}
)"},
         .good = {.conf = R"(events { }
http {
    proxy_temp_path /srv/tmp/proxy;
    client_body_temp_path /srv/tmp/body;
    server {
        listen 80;
        location / {
            proxy_pass http://127.0.0.1:3000;
        }
    }
}
)",
                  .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "capture": {"netns": "1", "mntns": "2"},
  "nginx": {
    "instances": [
      {
        "master_pid": 812,
        "netns": "1",
        "mntns": "2",
        "configuration_changed_at": "2026-11-20T11:00:00Z",
        "workers": [
          {
            "pid": 813,
            "started_at": "2026-11-20T12:00:00Z",
            "uid": 33,
            "gid": 33,
            "groups": [33]
          }
        ]
      }
    ]
  },
  "paths": [
    {
      "mntns": "2",
      "path": "/srv/tmp/proxy",
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
          "path": "/srv/tmp/proxy",
          "type": "dir",
          "mode": "0700",
          "uid": 33,
          "gid": 0,
          "acl_status": "absent"
        }
      ]
    },
    {
      "mntns": "2",
      "path": "/srv/tmp/body",
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
          "path": "/srv/tmp/body",
          "type": "dir",
          "mode": "0700",
          "uid": 33,
          "gid": 0,
          "acl_status": "absent"
        }
      ]
    }
  ]
}
)"}},
    .check = check};

} // namespace upstream_lint
