#pragma once

#include "upstream_lint/facts.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Files that say how names become addresses, as the C library reads them (glibc:
/// nss/nss_files/files-hosts.c, resolv/res_init.c, nss/nss_database.c). What it does not understand
/// it passes over, and so does this. Cost: one pass, and sorting of names.
namespace upstream_lint {

/// hosts(5): each name once, in the order of the file, with all addresses that it has there. Names
/// keep their case; looking them up does not.
[[nodiscard]] std::vector<HostsEntry> parse_hosts(std::string_view text);

/// resolv.conf(5)
struct ResolvConf {
    std::vector<std::string> nameservers; ///< the first three, as written
    std::vector<std::string> search;      ///< of the last `search` or `domain`
    unsigned ndots = 1;

    friend bool operator==(const ResolvConf&, const ResolvConf&) = default;
};

[[nodiscard]] ResolvConf parse_resolv_conf(std::string_view text);

/// nsswitch.conf(5): the sources of `hosts`, without actions. Those of the C library where the file
/// says none: `files`, `dns`.
[[nodiscard]] std::vector<std::string> parse_nsswitch_hosts(std::string_view text);

} // namespace upstream_lint
