#include "rules/unix_answer.hpp"

#include "rules/causes.hpp"
#include "rules/dangling_link.hpp"
#include "rules/exchange_answer.hpp"
#include "rules/mandatory_access.hpp"
#include "rules/permission.hpp"
#include "rules/similar_sockets.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace upstream_lint {

namespace {

using FileType = PathComponent::Type;

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos || slash == 0 ? "/" : path.substr(0, slash);
}

std::string_view type_name(FileType type) {
    switch (type) {
    case FileType::directory:
        return "a directory";
    case FileType::regular:
        return "a regular file";
    case FileType::socket:
        return "a socket";
    case FileType::symlink:
        return "a symbolic link";
    case FileType::fifo:
        return "a FIFO";
    case FileType::device:
        break;
    }
    return "a device";
}

std::string_view type_name(UnixSocket::Type type) {
    switch (type) {
    case UnixSocket::Type::stream:
        return "stream";
    case UnixSocket::Type::datagram:
        return "datagram";
    case UnixSocket::Type::seqpacket:
        break;
    }
    return "seqpacket";
}

class Search {
public:
    Search(std::string_view path, bool is_datagram, const Perspective& perspective,
           const FactIndex& facts) :
        path_(path),
        is_datagram_(is_datagram), perspective_(perspective), facts_(facts) {}

    ProbeAnswer answer() {
        if (!path_.starts_with('/')) {
            return unknown("a relative path begins in the folder that nginx was started in");
        }
        seen_ = facts_.path(perspective_.mount_namespace, path_);
        if (seen_ == nullptr) {
            return unknown("the path was not looked at");
        }
        ProbeAnswer answer = judged();
        answer.path = seen_;
        answer.network = perspective_.network;
        answer.evidence.insert(
            answer.evidence.begin(),
            Evidence{.fact = fmt::format("path {}", path_),
                     .value = seen_->error.empty() ? described() : seen_->error,
                     .source = seen_->reading.source,
                     .status = std::string(read_status_name(seen_->reading.status))});
        if (const ConnectFacts* const connect = connection(); connect != nullptr && !is_datagram_) {
            if (connect->error == "EACCES" && answer.verdict == Verdict::satisfied) {
                answer = answer_forbidden(path_, std::move(answer), perspective_, facts_);
            }
            answer.connect = connect;
            for (const ConnectFacts* const exchange :
                 facts_.exchanges(connect->perspective, connect->target)) {
                add_exchange_evidence(*exchange, answer.evidence);
            }
        }
        return answer;
    }

private:
    [[nodiscard]] std::string described() const {
        if (seen_->components.empty()) {
            return "";
        }
        const PathComponent& last = seen_->components.back();
        return fmt::format("{}, mode {:04o}, owner {}:{}", type_name(last.type), last.mode,
                           last.uid, last.gid);
    }

    ProbeAnswer judged() {
        switch (seen_->reading.status) {
        case ReadStatus::ok:
            return seen_->components.empty() ? unknown("what is at the path was not read")
                                             : of_file(seen_->components.back());
        case ReadStatus::absent:
            return of_absent();
        case ReadStatus::denied:
            return of_hidden();
        default:
            return unknown(
                fmt::format("the path could not be looked at: {}", reason_of(seen_->reading)));
        }
    }

    ProbeAnswer of_absent() {
        if (seen_->error == "ENOTDIR") {
            return of_file_as_folder();
        }
        if (ProbeAnswer denied = way_denied(seen_->components);
            denied.verdict == Verdict::violated) {
            return denied;
        }
        if (const PathComponent* const link = find_dangling_link(*seen_)) {
            return of_link(*link);
        }
        if (const UnixSocket* const namesake = find_namesake()) {
            return of_unseen(*namesake);
        }
        if (std::vector<SimilarSocket> similar = similar_sockets(*seen_, wanted_type(), facts_);
            !similar.empty()) {
            return of_similar(similar);
        }
        return of_missing();
    }

    ProbeAnswer of_file_as_folder() {
        const PathComponent* const file =
            seen_->components.empty() ? nullptr : &seen_->components.back();
        ProbeAnswer answer =
            violated(cause::unix_target_shape,
                     file == nullptr ? fmt::format("a part of {} is no directory", path_)
                                     : fmt::format("{} leads through {}, which is {}", path_,
                                                   file->path, type_name(file->type)));
        answer.component = file;
        return answer;
    }

    ProbeAnswer of_link(const PathComponent& link) {
        ProbeAnswer answer =
            violated(cause::socket_symlink_dangling,
                     seen_->error == "ELOOP"
                         ? fmt::format("{} leads through the link {}, which leads back to itself",
                                       path_, link.path)
                         : fmt::format("{} leads through the link {} to {}, which is not there",
                                       path_, link.path, link.link_target));
        answer.component = &link;
        answer.culprit = link.path;
        return answer;
    }

    /// One that listens under that name, rather of those that see the same files as nginx. What a
    /// container calls by the name says nothing where somebody beside nginx is meant to listen.
    [[nodiscard]] const UnixSocket* find_namesake() const {
        const auto bound = facts_.unix_listeners(path_);
        const auto near = std::ranges::find_if(
            bound, [&](const UnixSocket* socket) { return is_beside_nginx(*socket); });
        if (near != bound.end()) {
            return *near;
        }
        const MeantListener meant = facts_.meant_listener(path_);
        const bool is_meant_here =
            perspective_.container == nullptr && (meant.unit != nullptr || meant.pool != nullptr);
        return bound.empty() || is_meant_here ? nullptr : bound.front();
    }

    /// Somebody listens under that name, but at a file that is not where nginx looks.
    ProbeAnswer of_unseen(const UnixSocket& socket) {
        ProbeAnswer answer = unseen_by(socket);
        answer.socket = &socket;
        answer.evidence.push_back({.fact = fmt::format("who listens under the name {}", path_),
                                   .value = listener_text(socket),
                                   .source = sockets_source()});
        return answer;
    }

    ProbeAnswer unseen_by(const UnixSocket& socket) {
        if (socket.owner == SocketOwner{}) { // in whose files it stands is not known
            return violated(
                cause::socket_missing,
                fmt::format("nothing is at {}, though somebody listens under that name", path_));
        }
        if (!is_beside_nginx(socket)) {
            return violated(cause::socket_not_shared_with_container,
                            fmt::format("{} is not there for nginx: {} listens under that name in "
                                        "other files than nginx's",
                                        path_, owner_text(socket)));
        }
        if (is_temporary() && (has_private_tmp(socket.owner.unit) || nginx_has_private_tmp())) {
            return violated(
                cause::private_tmp_hides_socket,
                fmt::format("{} is not there for nginx, though {} listens under that name: {} has "
                            "a /tmp of its own",
                            path_, owner_text(socket),
                            has_private_tmp(socket.owner.unit) ? socket.owner.unit
                                                               : perspective_.instance->unit));
        }
        return violated(cause::socket_stolen_by_second_instance,
                        fmt::format("{} listens at {}, but the file of its socket is gone",
                                    owner_text(socket), path_),
                        Confidence::likely);
    }

    /// Whether its owner is in the same container, or as nginx in none.
    [[nodiscard]] bool is_beside_nginx(const UnixSocket& socket) const {
        const std::string_view other = socket.owner.container;
        const std::string_view own =
            perspective_.container == nullptr ? "" : std::string_view(perspective_.container->id);
        return own.empty() || other.empty() ? own.empty() == other.empty()
                                            : own.starts_with(other) || other.starts_with(own);
    }

    [[nodiscard]] bool is_temporary() const {
        return path_.starts_with("/tmp/") || path_.starts_with("/var/tmp/");
    }

    [[nodiscard]] bool has_private_tmp(std::string_view unit) const {
        const Unit* const found = unit.empty() ? nullptr : facts_.unit(unit);
        return found != nullptr && found->private_tmp.value_or(false);
    }

    [[nodiscard]] bool nginx_has_private_tmp() const {
        return perspective_.instance != nullptr && has_private_tmp(perspective_.instance->unit);
    }

    ProbeAnswer of_similar(const std::vector<SimilarSocket>& similar) {
        ProbeAnswer answer =
            violated(cause::socket_path_mismatch,
                     fmt::format("nothing is at {}, but {} listens at {}", path_,
                                 owner_text(*similar.front().socket), similar.front().path));
        answer.socket = similar.front().socket;
        for (const SimilarSocket& one : similar) {
            answer.candidates.push_back(one.path);
        }
        answer.evidence.push_back({.fact = fmt::format("who listens at {}", similar.front().path),
                                   .value = listener_text(*similar.front().socket),
                                   .source = sockets_source()});
        return answer;
    }

    ProbeAnswer of_missing() {
        const std::string_view folder = folder_of(path_);
        const bool has_folder = seen_->siblings_reading.status != ReadStatus::absent;
        if (perspective_.container != nullptr && !has_folder && !is_mounted(path_)) {
            return violated(cause::socket_not_shared_with_container,
                            fmt::format("{} is not there: nginx's container has no {}, and nothing "
                                        "is mounted there",
                                        path_, folder));
        }
        if (!has_folder && is_runtime_folder(folder)) {
            ProbeAnswer answer = violated(
                cause::runtime_dir_not_created,
                fmt::format("{} is not there: its folder {} does not exist", path_, folder));
            answer.culprit = folder;
            return answer;
        }
        return violated(cause::socket_missing, fmt::format("nothing is at {}", path_));
    }

    /// What is gone after each start of the machine.
    static bool is_runtime_folder(std::string_view folder) {
        return folder.starts_with("/run/") || folder.starts_with("/var/run/");
    }

    /// Whether what stands at a path comes from outside of nginx's container.
    [[nodiscard]] bool is_mounted(std::string_view path) const {
        return std::ranges::any_of(perspective_.container->mounts, [&](const ContainerMount& m) {
            return path == m.target || path.starts_with(m.target + "/");
        });
    }

    [[nodiscard]] std::string sockets_source() const {
        return perspective_.network == nullptr ? "" : perspective_.network->unix_reading.source;
    }

    [[nodiscard]] UnixSocket::Type wanted_type() const {
        return is_datagram_ ? UnixSocket::Type::datagram : UnixSocket::Type::stream;
    }

    /// This process may not look at it; nginx's workers may.
    ProbeAnswer of_hidden() {
        if (ProbeAnswer denied = way_denied(seen_->components);
            denied.verdict == Verdict::violated) {
            return denied;
        }
        return unknown(
            fmt::format("this process may not look into {}",
                        seen_->components.empty() ? "/" : seen_->components.back().path));
    }

    /// A folder on the way that workers may not search; unknown where one of them is not known.
    ProbeAnswer way_denied(std::span<const PathComponent> way) {
        if (!perspective_.worker) {
            return satisfied();
        }
        ProbeAnswer result = satisfied();
        for (const PathComponent& component : way) {
            if (component.type != FileType::directory) {
                continue;
            }
            const Permission permission =
                permission_of(*perspective_.worker, component, Access::search);
            if (permission == Permission::denied) {
                return denied(component, cause::parent_dir_not_traversable,
                              fmt::format("nginx's workers may not search {}, on the way to {}",
                                          component.path, path_),
                              Access::search);
            }
            if (permission == Permission::unknown) {
                result = unknown(
                    fmt::format("the access control list of {} could not be read", component.path));
            }
        }
        return result;
    }

    /// Workers may not do that with a file of the way, or with the socket.
    ProbeAnswer denied(const PathComponent& file, std::string_view cause, std::string reason,
                       Access wanted) {
        ProbeAnswer answer = violated(cause, std::move(reason), confidence());
        answer.component = &file;
        answer.culprit = file.path;
        if (perspective_.container != nullptr) {
            answer.cause = is_mounted(file.path) ? cause::container_uid_mismatch : cause;
        } else if (const Account* const account = member_of_more(file, wanted)) {
            answer.cause = cause::group_not_effective;
            answer.evidence.push_back({.fact = fmt::format("groups of the user {}", account->name),
                                       .value = fmt::format("{}", fmt::join(account->groups, ",")),
                                       .source = facts_.snapshot().accounts_reading.source});
        }
        add_permission(answer, file);
        return answer;
    }

    /// The account of workers that run without a group which was given to it since, and in which
    /// they might go on.
    [[nodiscard]] const Account* member_of_more(const PathComponent& file, Access wanted) const {
        const Account* const account = facts_.account(perspective_.worker->uid);
        if (perspective_.instance == nullptr || account == nullptr) {
            return nullptr;
        }
        Credentials renewed = *perspective_.worker;
        renewed.gid = account->gid;
        renewed.groups = account->groups;
        return permission_of(renewed, file, wanted) == Permission::allowed ? account : nullptr;
    }

    /// Workers that do not run are judged by what `user` says.
    [[nodiscard]] Confidence confidence() const {
        return perspective_.instance == nullptr ? Confidence::likely : Confidence::proven;
    }

    void add_permission(ProbeAnswer& answer, const PathComponent& file) const {
        answer.evidence.push_back({.fact = fmt::format("mode of {}", file.path),
                                   .value = permission_text(file),
                                   .source = seen_->reading.source});
        answer.evidence.push_back({.fact = "nginx's workers",
                                   .value = credentials_text(*perspective_.worker),
                                   .source = perspective_.worker_source});
    }

    ProbeAnswer of_file(const PathComponent& file) {
        const auto way = std::span(seen_->components).first(seen_->components.size() - 1);
        way_ = way_denied(way);
        if (way_.verdict == Verdict::violated) {
            return way_;
        }
        if (file.type != FileType::socket) {
            ProbeAnswer answer = violated(cause::target_not_a_socket,
                                          fmt::format("{} is {}", path_, type_name(file.type)));
            answer.component = &file;
            return answer;
        }
        const std::vector<const UnixSocket*> bound = bound_to(file);
        return bound.empty() ? of_unbound(file) : of_bound(file, bound);
    }

    /// By the file. Some file systems (btrfs, overlayfs) number their devices otherwise for stat(2)
    /// than for sock_diag(7), and /proc/net/unix has no files at all: there the name helps.
    [[nodiscard]] std::vector<const UnixSocket*> bound_to(const PathComponent& file) const {
        const auto exact = facts_.unix_sockets(file.device, file.inode);
        std::vector<const UnixSocket*> bound(exact.begin(), exact.end());
        if (!bound.empty()) {
            return bound;
        }
        for (const std::string_view name : {path_, std::string_view(file.path)}) {
            for (const UnixSocket* const socket : facts_.unix_listeners(name)) {
                if (bound.empty() && (!socket->file_inode || socket->file_inode == file.inode)) {
                    bound.push_back(socket);
                }
            }
        }
        return bound;
    }

    [[nodiscard]] const ConnectFacts* connection() const {
        return perspective_.network == nullptr
                   ? nullptr
                   : facts_.connect(perspective_.network->id, fmt::format("unix:{}", path_));
    }

    /// A socket's file, and no socket that was read is bound to it.
    ProbeAnswer of_unbound(const PathComponent& file) {
        const ConnectFacts* const connect = connection();
        const bool is_made =
            connect != nullptr && connect->reading.is_complete() && connect->error.empty();
        const bool is_refused = connect != nullptr && connect->error == "ECONNREFUSED";
        if (!is_made && !is_refused && !facts_.knows_all_unix_sockets()) {
            ProbeAnswer answer = unknown(
                fmt::format("nobody is known to listen at {}, but not all network namespaces of "
                            "the host could be read",
                            path_));
            answer.asks_for_connection = connect == nullptr;
            return answer;
        }
        ProbeAnswer answer = is_made ? may_write(file) : of_stale(file);
        if (connect != nullptr) {
            answer.evidence.push_back({.fact = fmt::format("connection to unix:{}", path_),
                                       .value = is_made ? "made" : connect->error,
                                       .source = connect->reading.source});
        }
        return answer;
    }

    ProbeAnswer of_stale(const PathComponent& file) {
        ProbeAnswer answer = stale_by(file);
        answer.component = &file;
        if (facts_.knows_all_unix_sockets()) {
            answer.evidence.push_back(
                {.fact = "unix sockets of the host's network namespaces",
                 .value = fmt::format("none is bound to inode {}", file.inode),
                 .source = sockets_source()});
        }
        return answer;
    }

    ProbeAnswer stale_by(const PathComponent& file) {
        if (seen_->is_mount_point) {
            return violated(cause::bind_mounted_socket_file_stale,
                            fmt::format("the file of a socket is mounted at {}, and nobody listens "
                                        "at that file any more",
                                        path_));
        }
        const auto namesakes = facts_.unix_listeners(path_);
        const auto in_place = std::ranges::find_if(namesakes, [&](const UnixSocket* socket) {
            return socket->device == file.device && is_beside_nginx(*socket);
        });
        if (in_place == namesakes.end()) {
            return violated(cause::socket_stale_file,
                            fmt::format("{} is left over: nobody listens there", path_));
        }
        ProbeAnswer answer =
            violated(cause::socket_stolen_by_second_instance,
                     fmt::format("{} listens under the name {}, but another file is there now, at "
                                 "which nobody listens",
                                 owner_text(**in_place), path_),
                     Confidence::likely);
        answer.socket = *in_place;
        return answer;
    }

    ProbeAnswer of_bound(const PathComponent& file, std::span<const UnixSocket* const> bound) {
        const auto listens = [&](const UnixSocket* socket) {
            return socket->type == wanted_type() && (is_datagram_ || socket->is_listening);
        };
        const auto found = std::ranges::find_if(bound, listens);
        if (found == bound.end()) {
            return of_mute(*bound.front());
        }
        const UnixSocket& socket = **found;
        ProbeAnswer answer = may_write(file);
        if (answer.verdict == Verdict::satisfied && socket.queue && socket.backlog &&
            *socket.queue > *socket.backlog) {
            answer = violated(cause::unix_backlog_full,
                              fmt::format("{} connections wait at {}, and {} may", *socket.queue,
                                          path_, *socket.backlog));
        }
        answer.socket = &socket;
        answer.evidence.push_back({.fact = fmt::format("who listens at {}", path_),
                                   .value = listener_text(socket),
                                   .source = sockets_source()});
        return answer;
    }

    static std::string owner_text(const UnixSocket& socket) {
        if (!socket.owner.unit.empty()) {
            return socket.owner.unit;
        }
        return socket.owner.command.empty() ? "somebody" : socket.owner.command;
    }

    static std::string listener_text(const UnixSocket& socket) {
        std::string text = fmt::format("a {} socket", type_name(socket.type));
        if (!socket.owner.command.empty()) {
            text += fmt::format(" of {}", socket.owner.command);
        }
        if (!socket.owner.unit.empty()) {
            text += fmt::format(" ({})", socket.owner.unit);
        }
        if (socket.queue && socket.backlog) {
            text += fmt::format(", {} of {} waiting", *socket.queue, *socket.backlog);
        }
        return text;
    }

    /// A socket is bound to the file, and nginx cannot connect to it.
    ProbeAnswer of_mute(const UnixSocket& socket) {
        ProbeAnswer answer =
            socket.type != wanted_type()
                ? violated(cause::socket_wrong_type,
                           fmt::format("at {} there is a {} socket, not a {} one", path_,
                                       type_name(socket.type), type_name(wanted_type())))
                : violated(cause::socket_stale_file,
                           fmt::format("a socket is bound to {}, but it does not listen", path_));
        answer.socket = &socket;
        answer.component = &seen_->components.back();
        return answer;
    }

    /// Whether workers may go to a socket that listens.
    ProbeAnswer may_write(const PathComponent& file) {
        if (!perspective_.worker) {
            return unknown(fmt::format("somebody listens at {}; whether nginx's workers may go "
                                       "there is not known: {}",
                                       path_, perspective_.worker_source));
        }
        switch (permission_of(*perspective_.worker, file, Access::write)) {
        case Permission::allowed:
            return way_;
        case Permission::unknown:
            return unknown(fmt::format("the access control list of {} could not be read", path_));
        case Permission::denied:
            break;
        }
        return denied(file, cause::socket_mode_denied,
                      fmt::format("nginx's workers may not write to {}", path_), Access::write);
    }

    std::string_view path_;
    bool is_datagram_;
    const Perspective& perspective_;
    const FactIndex& facts_;
    const PathFacts* seen_ = nullptr;
    ProbeAnswer way_ = satisfied(); // what is known of the folders on the way
};

} // namespace

ProbeAnswer answer_unix_socket(std::string_view path, bool is_datagram,
                               const Perspective& perspective, const FactIndex& facts) {
    ProbeAnswer answer = Search(path, is_datagram, perspective, facts).answer();
    answer.subject = fmt::format("unix:{}", path);
    return answer;
}

} // namespace upstream_lint
