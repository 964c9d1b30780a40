#pragma once

#include "upstream_lint/facts.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace upstream_lint {

/// The value of the extended attribute `system.posix_acl_access` (acl(5); Linux:
/// include/uapi/linux/posix_acl_xattr.h, version 2, little endian on all machines). Nothing when
/// that is not what the bytes are.
[[nodiscard]] std::optional<std::vector<AclEntry>> parse_acl(std::span<const std::uint8_t> bytes);

} // namespace upstream_lint
