#include "upstream_lint/rule.hpp"

#include <fmt/format.h>
#include <string>

namespace upstream_lint {

namespace {

using State = OpenCause::State;

constexpr OpenCause causes[] = {
    {"A01", "url-routes-elsewhere", State::expectation,
     "what a URL was meant to reach is written nowhere; `route` shows what it reaches"},
    {"A16", "backend-passthrough-5xx", State::log,
     "the answer was the backend's own, which only an access log tells from one of nginx"},
    {"B13", "abstract-or-namespaced-socket", State::impossible,
     "no target of nginx can name an abstract socket"},
    {"C12", "ephemeral-ports-exhausted", State::later,
     "ports in use and their range are not among the facts yet"},
    {"C13", "conntrack-full", State::later,
     "the connection table's size is not among the facts yet"},
    {"E12", "host-gateway-missing", State::repository,
     "`extra_hosts` of a compose file; on a host the name is looked up and other rules tell"},
    {"E18", "depends-on-missing", State::repository, "`depends_on` of a compose file"},
    {"E19", "service-not-activated", State::repository, "profiles and replicas of a compose file"},
    {"E27", "image-changed-port-or-user", State::repository,
     "what an image was before it moved is written nowhere on the host"},
    {"F01", "unit-inactive", State::later,
     "units are facts; today they stand in the findings of the sockets that they leave"},
    {"F02", "unit-failed", State::later,
     "units are facts; today they stand in the findings of the sockets that they leave"},
    {"F03", "unit-not-enabled", State::later,
     "needs a rule of its own: nothing is broken before the next boot"},
    {"F04", "start-limit-hit", State::later, "the result of a unit is a fact; a rule is to come"},
    {"F05", "crash-loop", State::later, "the count of restarts is a fact; a rule is to come"},
    {"F06", "fpm-pool-missing", State::later,
     "pools are facts; today `socket-missing` and `no-listener` name those that are there"},
    {"F07", "fpm-max-children", State::later, "needs the pool's status page"},
    {"F08", "fpm-terminate-timeout", State::log,
     "the limit is written in the pool; that it was reached stands in logs"},
    {"F09", "worker-crash", State::log, "the log of the backend, or of the kernel"},
    {"F10", "fpm-allowed-clients", State::later,
     "the pool's list is not compared with nginx's address yet"},
    {"F11", "fpm-socket-owner-default", State::later, "today found as `socket-mode-denied`"},
    {"F12", "php-package-changed", State::later, "today found as `socket-path-mismatch`"},
    {"F13", "app-server-timeout", State::log, "the backend's log; its own timeout would be a hint"},
    {"F14", "worker-recycling", State::log, "the backend's log"},
    {"F15", "socket-activation-service-broken", State::later,
     "the socket's unit and its service are facts; a rule is to come"},
    {"F16", "backend-start-error", State::log, "the backend's log"},
    {"F17", "daemon-reload-needed", State::later, "a rule is to come"},
    {"F18", "unit-sandboxing", State::later, "the unit's restrictions are not among the facts yet"},
    {"F19", "user-unit-without-linger", State::later, "managers of users are not asked yet"},
    {"F20", "logs-invisible", State::later, "where units write to is not among the facts yet"},
    {"H10", "verify-without-ca", State::later, "needs a TLS handshake"},
    {"I03", "http-to-uwsgi", State::later, "needs a request, or the backend's own configuration"},
    {"I04", "uwsgi-to-http", State::later, "needs a request, or the backend's own configuration"},
    {"I07", "proxy-protocol-mismatch", State::later, "needs a request"},
    {"I09", "websocket-headers-missing", State::later, "a rule is to come"},
    {"I10", "upgrade-header-unconditional", State::later, "a rule is to come"},
    {"I11", "uwsgi-buffer-size", State::log, "the backend's log; its buffer would be a hint"},
    {"I12", "conflicting-length-headers", State::log, "only some answers of a backend have them"},
    {"I13", "invalid-header-or-chunk", State::log, "only some answers of a backend have them"},
    {"I14", "http11-default", State::later, "a rule is to come, for the versions that changed"},
    {"I15", "grpc-listener-without-http2", State::later, "a rule is to come"},
    {"J01", "too-big-header", State::later,
     "needs a request; sizes that contradict each other are `buffer-sizes-inconsistent`"},
    {"J02", "temp-file-disk-full", State::later,
     "free space and inodes are not among the facts yet"},
    {"J03", "stderr-flood", State::log, "nginx's log"},
    {"K01", "slow-backend", State::log, "nginx's log"},
    {"K02", "connect-timeout", State::elsewhere,
     "found as `firewall-drop`, `tcp-accept-queue-full`, `no-route` and the like"},
    {"K03", "send-timeout", State::log, "nginx's log"},
    {"K04", "timeout-inversion", State::later, "timeouts of backends are not among the facts yet"},
    {"K05", "keepalive-race", State::later, "timeouts of backends are not among the facts yet"},
    {"K06", "keepalive-by-default", State::later,
     "a rule is to come, for the versions that changed"},
    {"K07", "idle-stream-cut", State::log, "nginx's log"},
    {"K08", "mid-body-failure", State::log, "nginx's log"},
    {"K09", "backend-drops-request", State::log, "nginx's log, or a request"},
    {"L01", "host-oom-kill", State::log, "the kernel's log"},
    {"L02", "cgroup-oom-kill", State::later,
     "of containers `container-oom` tells; counters of other cgroups are not among the facts yet"},
    {"L03", "memory-pressure", State::later, "pressure is not among the facts yet"},
    {"L04", "backend-fd-limit", State::later,
     "descriptors and limits of backends are not among the facts yet"},
    {"L05", "nginx-fd-limit", State::later,
     "descriptors and limits of workers are not among the facts yet"},
    {"L06", "worker-connections", State::later,
     "connections of workers are not among the facts yet"},
    {"L07", "max-conns-reached", State::later, "a rule is to come"},
    {"L08", "cpu-starvation", State::later, "throttling and pressure are not among the facts yet"},
    {"L09", "disk-full", State::later, "free space and inodes are not among the facts yet"},
    {"L10", "pids-limit", State::later, "counters of cgroups are not among the facts yet"},
    {"L11", "shared-memory-full", State::later,
     "nginx's log, or the size of zones against the servers in them"},
    {"M01", "no-live-upstreams", State::log, "nginx's log"},
    {"M02", "max-fails-amplification", State::later, "a rule is to come"},
    {"M03", "down-entry-defeats-single-peer-rule", State::later, "a rule is to come"},
    {"M04", "partial-dead-peers", State::later,
     "today a dead server of a group is a finding with its own cause"},
    {"M05", "no-shared-zone", State::later, "a rule is to come"},
    {"M06", "retry-storm", State::later, "a rule is to come"},
    {"M07", "sticky-to-dead", State::later, "a rule is to come"},
    {"M08", "backup-also-dead", State::later, "a rule is to come"},
    {"N01", "startup-window", State::log, "the times of starts against those of the failures"},
    {"N02", "switched-before-ready", State::elsewhere,
     "found as `no-listener` and `socket-missing`"},
    {"N03", "old-release-removed", State::elsewhere,
     "found as `socket-missing`, or by the folder that is gone"},
    {"N04", "reload-failed-silently", State::elsewhere, "found as `loaded-config-differs`"},
    {"N05", "rollback-without-reload", State::elsewhere, "found as `loaded-config-differs`"},
    {"N06", "compose-recreate-other-ip", State::elsewhere,
     "found as `stale-dns` and `hardcoded-container-ip`"},
    {"N07", "package-upgrade", State::later,
     "an executable that was replaced is not among the facts yet"},
    {"N08", "two-config-sources", State::later, "a rule is to come"},
    {"N09", "generated-config", State::later, "a rule is to come"},
};

std::string_view state_text(State state) {
    switch (state) {
    case State::log:
        return "by log alone";
    case State::repository:
        return "by repository alone";
    case State::expectation:
        return "by expectation alone";
    case State::elsewhere:
        return "in other rules";
    case State::impossible:
        return "cannot be written";
    case State::later:
        break;
    }
    return "not yet";
}

} // namespace

std::span<const OpenCause> open_causes() {
    return causes;
}

std::string open_causes_page() {
    std::string page =
        "# Causes without a rule\n\nWhat is known to break requests, and has no rule "
        "of its own. [README.md](README.md) lists the rules.\n\n"
        "| cause | name | found | why |\n|---|---|---|---|\n";
    for (const OpenCause& cause : causes) {
        page += fmt::format("| {} | {} | {} | {} |\n", cause.catalogue, cause.name,
                            state_text(cause.state), cause.reason);
    }
    return page;
}

} // namespace upstream_lint
