#include "host/system_root.hpp"

#include "host/namespace_id.hpp"
#include "host/open_below.hpp"
#include "host/proc_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <sys/stat.h>

namespace upstream_lint {

namespace {

const NginxInstance* chosen_instance(const ProviderInput& input) {
    const auto& all = input.known.instances;
    if (!input.options.master_pid)
        return nullptr;
    const auto found =
        std::ranges::find(all, *input.options.master_pid, &NginxInstance::master_pid);
    return found == all.end() ? nullptr : &*found;
}

bool is_same_file(const std::string& path, const std::string& left, const std::string& right) {
    struct stat ours {};

    struct stat theirs {};

    const Descriptor first = open_below(left, path);
    const bool is_first_absent = !first.is_open() && errno == ENOENT;
    const Descriptor second = open_below(right, path);
    const bool is_second_absent = !second.is_open() && errno == ENOENT;
    if (!first.is_open() || !second.is_open())
        return is_first_absent && is_second_absent;
    return ::fstat(first.get(), &ours) == 0 && ::fstat(second.get(), &theirs) == 0 &&
           ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
}

} // namespace

std::string system_root(const ProviderInput& input) {
    const NginxInstance* const instance = chosen_instance(input);
    if (instance == nullptr || !instance->container.empty())
        return input.options.root;
    const std::string& proc = input.options.proc;
    const std::string own = namespace_id(proc + "/self/ns/pid");
    const std::string theirs = namespace_id(process_path(proc, instance->master_pid, "ns/pid"));
    if (own.empty() || theirs.empty() || own == theirs)
        return input.options.root;
    return process_path(proc, instance->master_pid, "root");
}

bool share_name_files(const std::string& left, const std::string& right) {
    constexpr std::array files = {"/etc/hosts", "/etc/resolv.conf", "/etc/nsswitch.conf"};
    return open_below(right, "/").is_open() && std::ranges::all_of(files, [&](const char* file) {
               return is_same_file(file, left, right);
           });
}

} // namespace upstream_lint
