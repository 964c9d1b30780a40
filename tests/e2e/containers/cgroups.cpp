#include "e2e/containers/cgroups.hpp"

#include <algorithm>
#include <filesystem>
#include <unistd.h>

namespace upstream_lint::test {

namespace {

namespace fs = std::filesystem;

/// Files in it are the kernel's, and go with it.
void remove_group(const fs::path& group) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(group, ignored)) {
        if (entry.is_directory(ignored)) {
            remove_group(entry.path());
        }
    }
    ::rmdir(group.c_str());
}

} // namespace

Cgroups::Cgroups(const std::string& name) {
    const fs::path all = "/sys/fs/cgroup";
    std::vector<fs::path> hierarchies = {all}; // version 2 has one
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(all, ignored)) {
        if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) {
            hierarchies.push_back(entry.path());
        }
    }
    for (const fs::path& hierarchy : hierarchies) {
        if (!fs::exists(hierarchy / name, ignored)) {
            new_.push_back(hierarchy / name);
        }
    }
}

Cgroups::~Cgroups() {
    std::ranges::for_each(new_, remove_group);
}

} // namespace upstream_lint::test
