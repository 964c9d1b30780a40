#include "rules/socket_access.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";

std::string note_of(const SocketUnit& unit, std::string_view user) {
    return fmt::format("`SocketUser={}` and `SocketMode=0660` in {} let nginx in", user, unit.id);
}

std::string note_of(const FpmPool& pool, std::string_view user) {
    if (!pool.acl_users.empty()) {
        return fmt::format(
            "`listen.acl_users` of the pool {} in {} has to have {} in it; beside it "
            "`listen.owner` and `listen.group` mean nothing",
            pool.name, pool.file, user);
    }
    return fmt::format("`listen.owner = {}` and `listen.mode = 0660` of the pool {} in {} let "
                       "nginx in; or `listen.group`, a group of its workers",
                       user, pool.name, pool.file);
}

} // namespace

std::string worker_name(const RuleContext& context) {
    if (!context.perspective.worker) {
        return "nginx";
    }
    const std::uint32_t uid = context.perspective.worker->uid;
    const Account* const account =
        context.perspective.container == nullptr ? context.facts.account(uid) : nullptr;
    return account == nullptr ? fmt::format("{}", uid) : account->name;
}

std::string access_note(const RuleContext& context, const ProbeAnswer& answer) {
    const std::string user = worker_name(context);
    const std::string_view subject = answer.subject;
    const MeantListener meant = context.facts.meant_listener(
        subject.starts_with(unix_prefix) ? subject.substr(unix_prefix.size()) : subject);
    if (meant.unit != nullptr) {
        return note_of(*meant.unit, user);
    }
    if (meant.pool != nullptr) {
        return note_of(*meant.pool, user);
    }
    return fmt::format(
        "its program has to give the socket a group that {} is in, and the mode 0660 "
        "(gunicorn: `--umask 007`; uWSGI: `chmod-socket = 660`)",
        user);
}

} // namespace upstream_lint
