#pragma once

#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <string>

namespace upstream_lint {

/// What a process wants of a file.
enum class Access : std::uint8_t { search = 1, write = 2 };

enum class Permission : std::uint8_t { allowed, denied, unknown };

/// Whether a process may do that, by mode, owner, groups, access control list and capabilities
/// (acl_permission_check() and posix_acl_permission() of Linux). SELinux and AppArmor may forbid
/// what is allowed here. `unknown` where an access control list could not be read and would decide.
[[nodiscard]] Permission permission_of(const Credentials& process, const PathComponent& file,
                                       Access wanted);

/// For evidence: `0700, owner 0:0`.
[[nodiscard]] std::string permission_text(const PathComponent& file);

/// For evidence: `uid 33, gid 33, groups 33,44`.
[[nodiscard]] std::string credentials_text(const Credentials& process);

} // namespace upstream_lint
