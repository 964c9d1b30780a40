#include "host/proc_files.hpp"
#include "host/provider.hpp"
#include "host/system_root.hpp"

#include <algorithm>
#include <cerrno>
#include <grp.h>
#include <pwd.h>
#include <set>
#include <sys/types.h>

namespace upstream_lint {

namespace {

constexpr std::size_t first_buffer = 4096;
constexpr std::size_t max_buffer = std::size_t{1} << 20U;

std::vector<std::uint32_t> groups_of(const char* name, gid_t group) {
    constexpr int expected = 64;
    std::vector<gid_t> groups(expected);
    int count = expected;
    if (::getgrouplist(name, group, groups.data(), &count) < 0) {
        groups.resize(static_cast<std::size_t>(std::max(count, 0)));
        ::getgrouplist(name, group, groups.data(), &count);
    }
    groups.resize(std::min(groups.size(), static_cast<std::size_t>(std::max(count, 0))));
    return {groups.begin(), groups.end()};
}

// Takes down the account of that name when there is one. The errno value of a failure, or 0.
int read_account(const std::string& name, std::vector<Account>& accounts) {
    std::vector<char> buffer(first_buffer);
    passwd entry{};
    passwd* found = nullptr;
    int code = 0;
    while ((code = ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found)) ==
               ERANGE &&
           buffer.size() < max_buffer)
        buffer.resize(2 * buffer.size());
    if (found != nullptr)
        accounts.push_back(
            {name, entry.pw_uid, entry.pw_gid, groups_of(entry.pw_name, entry.pw_gid)});
    // getpwnam(3) lists these for a name that is not there
    const bool is_absent = code == ENOENT || code == ESRCH || code == EBADF || code == EPERM;
    return found != nullptr || is_absent ? 0 : code;
}

} // namespace

Snapshot collect_accounts(const ProviderInput& input) {
    std::set<std::string> names(input.users.begin(), input.users.end());
    for (const FpmPool& pool : input.known.fpm.pools)
        names.insert({pool.user, pool.owner});
    names.erase("");
    Snapshot facts;
    const std::string root = system_root(input);
    if (root != input.options.root) {
        facts.accounts_reading = {ReadStatus::unsupported, root,
                                  "accounts of another system are not asked for"};
        return facts;
    }
    facts.accounts_reading = complete_reading("getpwnam");
    for (const std::string& name : names) {
        const int code = read_account(name, facts.accounts);
        if (code != 0)
            facts.accounts_reading = {ReadStatus::partial, "getpwnam",
                                      describe(system_error(code, "getpwnam_r()", name))};
    }
    return facts;
}

} // namespace upstream_lint
