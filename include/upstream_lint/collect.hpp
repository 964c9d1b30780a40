#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/probe.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading the facts of this machine. Nothing is changed: no file is written, no program is
/// started, no unit is loaded, and no file is opened but those under /proc and /sys, folders, and
/// configuration (hosts, resolv.conf, PHP-FPM's pools, os-release, trusted certificates).
namespace upstream_lint {

/// What the bytes of an executable tell of it. Paths are empty where the build has none of its own.
struct NginxExecutable {
    std::string version;
    std::string prefix;
    std::string configuration;
    std::string arguments; ///< of its `configure`
};

struct CollectOptions {
    /// What may be sent to others.
    enum class ProbeMode : std::uint8_t {
        none,    ///< nothing but what getaddrinfo(3) asks for names
        connect, ///< a connection to each target, closed at once
        full,    ///< and handshakes and requests, queries to the addresses of `resolver`
    };

    ProbeMode mode = ProbeMode::none;
    /// A provider that takes longer is left behind; what it would say is `timeout`.
    std::chrono::milliseconds provider_deadline{3000};
    /// For one connection, and for one name. Silent ones are waited for at the same time.
    std::chrono::milliseconds connect_deadline{1000};
    /// For what is said on a connection: the handshake and the first answer together.
    std::chrono::milliseconds answer_deadline{1500};
    std::string proc = "/proc"; ///< where proc(5) is mounted
    std::string root;           ///< stands in front of the files that are read; empty: this one's
    /// Says what an executable is; nothing: no nginx, so its process is none either. It is the
    /// configuration's to know (build_from_text of nginx_build.hpp). Called in other threads, for
    /// as long as they run. Empty: executables are not read.
    std::function<std::optional<NginxExecutable>(std::string_view bytes)> read_executable;
    /// The nginx from whose point of view is looked. Without it: each one that runs here.
    std::optional<std::uint32_t> master_pid;
};

struct CollectRequest {
    /// None: the inventories alone. Of its exchanges those are had that the mode lets through.
    const ProbePlan* plan = nullptr;
    std::vector<std::string> users; ///< that the configuration names
    /// Files of the configuration, the main one first, named as nginx names them. An instance
    /// whose main file is another one is not compared with them.
    std::vector<std::string> files;
};

/// Reads everything there is to know for `request`. Never throws for what it meets: each part's
/// Reading says how it went. Takes at most four deadlines of a provider; a thread that is left
/// behind holds nothing of the caller's.
/// Cost: linear in processes, their descriptors, sockets, namespaces, containers and probes.
[[nodiscard]] Snapshot collect_facts(const CollectRequest& request, const CollectOptions& options);

/// The running masters, by their process ids. `reading` says whether processes could be listed.
/// A master is a process with nginx's title (`nginx: master process ...`, ngx_init_setproctitle and
/// ngx_master_process_cycle in os/unix/ngx_process_cycle.c), its workers are its children.
/// Cost: one small file for each process.
struct FoundInstances {
    std::vector<NginxInstance> instances;
    Reading reading;
};

[[nodiscard]] FoundInstances find_nginx_instances(const CollectOptions& options);

/// What this build can ask, in the order of asking: `nginx`, `sockets`, `systemd`, ...; what was
/// left out is not among them.
[[nodiscard]] std::vector<std::string> provider_names();

} // namespace upstream_lint
