#include "host/process_owner.hpp"

#include "facts/proc_process.hpp"
#include "host/proc_files.hpp"

namespace upstream_lint {

ProcessOwner read_process_owner(const std::string& proc, std::uint32_t pid) {
    ProcessOwner owner;
    const auto text = read_kernel_file(process_path(proc, pid, "cgroup"));
    if (!text)
        return owner;
    owner.cgroup = parse_proc_cgroup(*text);
    CgroupOwner group = owner_of_cgroup(owner.cgroup);
    owner.container = std::move(group.container);
    if (!group.is_user_unit)
        owner.unit = std::move(group.unit);
    return owner;
}

} // namespace upstream_lint
