#include "host/path_walk.hpp"
#include "host/provider.hpp"

namespace upstream_lint {

Snapshot collect_paths(const ProviderInput& input) {
    Snapshot facts;
    const Labels labels = input.known.selinux_enforcing ? Labels::read : Labels::left_out;
    for (const Viewpoint& view : viewpoints(input)) {
        PathReader reader(view.root, labels);
        for (const Probe& probe : input.probes) {
            if (probe.kind != Probe::Kind::unix_socket)
                continue;
            PathFacts path;
            if (Clock::now() < input.end) {
                path = reader.read(probe.subject);
            } else {
                path.path = probe.subject;
                path.reading = {ReadStatus::timeout, view.root, "not read in time"};
            }
            path.mount_namespace = view.mount_namespace;
            facts.paths.push_back(std::move(path));
        }
    }
    return facts;
}

} // namespace upstream_lint
