#include "facts/time_text.hpp"
#include "rules/fault_finding.hpp"
#include "rules/rules.hpp"

#include <fmt/format.h>

namespace upstream_lint {

namespace {

/// Of the workers that take connections; they start when nginx takes a configuration.
std::optional<UnixTime> loaded_at(const NginxInstance& instance) {
    std::optional<UnixTime> newest;
    for (const Worker& worker : instance.workers) {
        if (!worker.is_shutting_down && (!newest || *newest < worker.started_at)) {
            newest = worker.started_at;
        }
    }
    return newest;
}

void check(const RuleContext& context, const RuleInfo& info, std::vector<Finding>& findings) {
    const NginxInstance* const instance = context.perspective.instance;
    if (instance == nullptr || !instance->configuration_changed_at) {
        return;
    }
    const auto loaded = loaded_at(*instance);
    if (!loaded || *loaded == 0 || *instance->configuration_changed_at <= *loaded) {
        return;
    }
    Finding finding =
        finding_of(info, Confidence::likely,
                   "the configuration was changed after nginx had taken it: nginx may run another");
    finding.evidence.push_back({.fact = "last change of the configuration's files",
                                .value = rfc3339_text(*instance->configuration_changed_at),
                                .source = instance->configuration});
    finding.evidence.push_back({.fact = "start of nginx's newest worker",
                                .value = rfc3339_text(*loaded),
                                .source = "/proc"});
    finding.notes.emplace_back(
        "other findings are about the files: it is not certain that they are what runs");
    finding.notes.emplace_back("a reload that fails leaves the old configuration running, and says "
                               "why in the error log");
    finding.command = "nginx -t && nginx -s reload";
    finding.verify = "nginx -t";
    findings.push_back(std::move(finding));
}

} // namespace

const Rule rules::loaded_config_differs = {
    .info = {.id = "loaded-config-differs",
             .catalogue = "A17",
             .group = RuleGroup::configuration,
             .impact = Impact::high,
             .confidence = Confidence::likely,
             .summary = "the files were changed after nginx had read them",
             .explanation =
                 R"(nginx reads its configuration when it starts and when it is reloaded. What was
written since then does nothing, and where a reload failed (`[emerg]` in the error log) the old
configuration goes on.

It is likely where a file of the configuration was changed after the newest worker had started: a file
may have been written with the same content.

**Repair.** `nginx -t`, then `nginx -s reload`.

**Silent** where nginx does not run, or the times are not known.
)",
             .bad = {.conf = R"(events { }
http {
    server {
        listen 80;
    }
}
)",
                     .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "nginx": {
    "instances": [
      {
        "master_pid": 900,
        "configuration": "/etc/nginx/nginx.conf",
        "configuration_changed_at": "2026-11-22T12:00:00Z",
        "workers": [{"pid": 901, "started_at": "2026-11-22T08:00:00Z"}]
      }
    ]
  }
}
)"},
             .good = {.conf = R"(events { }
http {
    server {
        listen 80;
    }
}
)",
                      .facts = R"({
  "schema": "nginx-upstream-lint/snapshot/1",
  "nginx": {
    "instances": [
      {
        "master_pid": 900,
        "configuration": "/etc/nginx/nginx.conf",
        "configuration_changed_at": "2026-11-22T08:00:00Z",
        "workers": [{"pid": 901, "started_at": "2026-11-22T12:00:00Z"}]
      }
    ]
  }
}
)"}},
    .check = check};

} // namespace upstream_lint
