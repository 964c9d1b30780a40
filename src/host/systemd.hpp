#pragma once

#include "upstream_lint/facts.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace upstream_lint {

/// Which units are to be described.
struct UnitQuestion {
    std::vector<std::string> ids;      ///< `app.service`
    std::vector<std::string> patterns; ///< of unit files (fnmatch(3)): `php*-fpm.service`
    bool all_sockets = false;          ///< all sockets, and the services that they start
};

/// Reads properties from the systemd of the system bus (org.freedesktop.systemd1; the address is
/// $DBUS_SYSTEM_BUS_ADDRESS when that is set), or of another system's below `root`
/// (`/proc/812/root`), which is named as the source then. Nothing is started; units that are not in
/// memory are looked at as `systemctl show` does. Sorted by id. Cost: one message for the listings,
/// two for each unit that is described.
[[nodiscard]] SystemdFacts read_systemd(const UnitQuestion& question,
                                        std::chrono::milliseconds deadline,
                                        const std::string& root = "");

} // namespace upstream_lint
