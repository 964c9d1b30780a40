#include "host/open_below.hpp"
#include "host/proc_files.hpp"
#include "host/provider.hpp"

#include <algorithm>
#include <sys/stat.h>

namespace upstream_lint {

namespace {

// The newest change of content. Nothing when one of the files could not be looked at.
std::optional<UnixTime> last_change(const std::string& root,
                                    const std::vector<std::string>& files) {
    std::optional<UnixTime> newest;
    for (const std::string& file : files) {
        struct stat status {};

        const Descriptor found = open_below(root, file);
        if (!found.is_open() || ::fstat(found.get(), &status) != 0)
            return std::nullopt;
        newest = std::max<UnixTime>(newest.value_or(status.st_mtime), status.st_mtime);
    }
    return newest;
}

} // namespace

Snapshot collect_instances(const ProviderInput& input) {
    Snapshot facts;
    FoundInstances found = find_nginx_instances(input.options);
    facts.nginx_reading = std::move(found.reading);
    facts.instances = std::move(found.instances);
    for (NginxInstance& instance : facts.instances) {
        if (input.files.empty() || instance.configuration != input.files.front())
            continue;
        const bool is_here = instance.mount_namespace == input.known.mount_namespace;
        const std::string root =
            is_here ? input.options.root
                    : process_path(input.options.proc, instance.master_pid, "root");
        instance.configuration_changed_at = last_change(root, input.files);
    }
    return facts;
}

} // namespace upstream_lint
