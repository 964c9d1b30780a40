#pragma once

#include "host/provider.hpp"

#include <string>

namespace upstream_lint {

/// The root of the system whose services, pools and accounts are those of nginx's machine:
/// `/proc/812/root` where the nginx that was chosen is in a PID namespace of its own that is no
/// container of an engine (systemd-nspawn, LXC), else the root that files are read below
/// (CollectOptions::root).
[[nodiscard]] std::string system_root(const ProviderInput& input);

/// Whether names mean the same to both: the hosts file, resolv.conf and nsswitch.conf of two roots
/// are the same files. False where they may not be looked at.
[[nodiscard]] bool share_name_files(const std::string& left, const std::string& right);

} // namespace upstream_lint
