#include "host/path_walk.hpp"
#include "host/provider.hpp"

#include <string>
#include <utility>
#include <vector>

namespace upstream_lint {

Snapshot collect_paths(const ProviderInput& input) {
    Snapshot facts;
    const Labels labels = input.known.selinux_enforcing ? Labels::read : Labels::left_out;
    const std::vector<std::string> asked = asked_paths(input);
    for (const Viewpoint& view : viewpoints(input)) {
        PathReader reader(view.root, labels);
        for (const std::string& name : asked) {
            PathFacts path;
            if (Clock::now() < input.end) {
                path = reader.read(name);
            } else {
                path.path = name;
                path.reading = {ReadStatus::timeout, view.root, "not read in time"};
            }
            path.mount_namespace = view.mount_namespace;
            facts.paths.push_back(std::move(path));
        }
    }
    return facts;
}

} // namespace upstream_lint
