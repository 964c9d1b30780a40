#include "host/path_walk.hpp"
#include "host/provider.hpp"

namespace upstream_lint {

Snapshot collect_paths(const ProviderInput& input) {
    Snapshot facts;
    for (const Viewpoint& view : viewpoints(input))
        for (const Probe& probe : input.probes) {
            if (probe.kind != Probe::Kind::unix_socket)
                continue;
            PathFacts path;
            if (Clock::now() < input.end) {
                path = read_path(view.root, probe.subject);
            } else {
                path.path = probe.subject;
                path.reading = {ReadStatus::timeout, view.root, "not read in time"};
            }
            path.mount_namespace = view.mount_namespace;
            facts.paths.push_back(std::move(path));
        }
    return facts;
}

} // namespace upstream_lint
