#include "rules/permission.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace upstream_lint {

namespace {

// <linux/capability.h>
constexpr std::uint64_t cap_dac_override = 1U << 1U;
constexpr std::uint64_t cap_dac_read_search = 1U << 2U;

bool overrides(const Credentials& process, const PathComponent& file, Access wanted) {
    const bool searches = wanted == Access::search && file.type == PathComponent::Type::directory;
    return (process.capabilities & cap_dac_override) != 0 ||
           (searches && (process.capabilities & cap_dac_read_search) != 0);
}

bool is_in_group(const Credentials& process, std::uint32_t gid) {
    return process.gid == gid || std::ranges::find(process.groups, gid) != process.groups.end();
}

Permission permission(bool is_allowed) {
    return is_allowed ? Permission::allowed : Permission::denied;
}

/// Of one who is not the owner. Entries of groups add up: one that allows is enough.
Permission by_acl(const Credentials& process, const PathComponent& file, std::uint32_t bit) {
    std::uint32_t mask = 7;
    std::uint32_t other = 0;
    for (const AclEntry& entry : file.acl) {
        mask = entry.tag == AclEntry::Tag::mask ? entry.permissions : mask;
        other = entry.tag == AclEntry::Tag::other ? entry.permissions : other;
    }
    for (const AclEntry& entry : file.acl) {
        if (entry.tag == AclEntry::Tag::user && entry.id == process.uid) {
            return permission((entry.permissions & mask & bit) != 0);
        }
    }
    bool is_in_any = false;
    for (const AclEntry& entry : file.acl) {
        const bool is_group =
            entry.tag == AclEntry::Tag::group_owner || entry.tag == AclEntry::Tag::group;
        const std::uint32_t gid = entry.tag == AclEntry::Tag::group_owner ? file.gid : entry.id;
        if (!is_group || !is_in_group(process, gid)) {
            continue;
        }
        is_in_any = true;
        if ((entry.permissions & mask & bit) != 0) {
            return Permission::allowed;
        }
    }
    return permission(!is_in_any && (other & bit) != 0);
}

} // namespace

Permission permission_of(const Credentials& process, const PathComponent& file, Access wanted) {
    const auto bit = static_cast<std::uint32_t>(wanted);
    if (overrides(process, file, wanted)) {
        return Permission::allowed;
    }
    if (process.uid == file.uid) {
        return permission((file.mode >> 6U & bit) != 0);
    }
    // The bits of the group are the mask of a list; Linux reads none whose mask is empty.
    const std::uint32_t mask = file.mode >> 3U & 7U;
    const std::uint32_t shift = is_in_group(process, file.gid) ? 3 : 0;
    const Permission by_mode = permission((file.mode >> shift & bit) != 0);
    if (mask == 0 || file.acl_status == ReadStatus::absent) {
        return by_mode;
    }
    if (file.acl_status == ReadStatus::ok) {
        return file.acl.empty() ? by_mode : by_acl(process, file, bit);
    }
    const bool no_list_allows = (mask & bit) == 0 && (file.mode & bit) == 0;
    return no_list_allows ? Permission::denied : Permission::unknown;
}

std::string permission_text(const PathComponent& file) {
    return fmt::format("{:04o}, owner {}:{}{}", file.mode, file.uid, file.gid,
                       file.acl.empty() ? "" : ", with an access control list");
}

std::string credentials_text(const Credentials& process) {
    return fmt::format("uid {}, gid {}, groups {}", process.uid, process.gid,
                       fmt::join(process.groups, ","));
}

} // namespace upstream_lint
