#include "rules/backend.hpp"

#include "facts/unit_names.hpp"
#include "rules/shell_word.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr std::string_view masked = "masked"; // of LoadState

/// What socket units and pools call it: a path, `127.0.0.1:9000`.
std::string_view name_of(const ProbeAnswer& answer) {
    const std::string_view subject = answer.subject;
    return subject.starts_with(unix_prefix) ? subject.substr(unix_prefix.size()) : subject;
}

/// Debian and Fedora name the service of a pool after the folder that its file is in.
std::string unit_of(const FpmPool& pool, const FactIndex& facts) {
    constexpr std::string_view debian = "/etc/php/";
    std::string guess = "php-fpm.service";
    if (pool.file.starts_with(debian)) {
        const std::string_view rest = std::string_view(pool.file).substr(debian.size());
        guess = fmt::format("php{}-fpm.service", rest.substr(0, rest.find('/')));
    }
    const bool may_be_there =
        facts.unit(guess) != nullptr || !facts.snapshot().systemd.reading.is_complete();
    return may_be_there ? guess : std::string();
}

Backend of_unit(std::string unit, std::string known_by) {
    return {.unit = std::move(unit), .known_by = std::move(known_by), .is_known = true};
}

Backend of_owner(const SocketOwner& owner, const FactIndex& facts) {
    if (const Container* const container = facts.container(owner.container)) {
        return {.unit = {},
                .container = container,
                .known_by = "it holds the socket",
                .is_known = true};
    }
    // systemd itself holds the sockets of services that it starts on demand
    const bool is_held_for_another = owner.unit == "init.scope";
    return owner.unit.empty() || is_held_for_another ? Backend()
                                                     : of_unit(owner.unit, "it holds the socket");
}

/// What `RuntimeDirectory=` of a service makes, that a path is in; empty: nothing.
std::string_view runtime_folder(const Unit& unit, std::string_view path) {
    for (const std::string_view prefix : {"/run/", "/var/run/"}) {
        if (!path.starts_with(prefix)) {
            continue;
        }
        const std::string_view rest = path.substr(prefix.size());
        for (const std::string_view folder : unit.runtime_directory) {
            if (rest.starts_with(folder) && rest.substr(folder.size()).starts_with('/')) {
                return folder;
            }
        }
    }
    return {};
}

Backend of_unit(const Unit& unit, std::string_view path) {
    const std::string_view folder = runtime_folder(unit, path);
    return of_unit(unit.id, folder.empty() ? "it has the name of the socket or of its folder"
                                           : fmt::format("`RuntimeDirectory={}`", folder));
}

/// The service with the name of a socket or its folder, else one that makes the folder.
Backend of_service(std::string_view path, const FactIndex& facts) {
    for (const std::string& name : units_for_path(path)) {
        const Unit* const unit = facts.unit(name);
        if (unit != nullptr && (unit->load_state == "loaded" || unit->load_state == masked)) {
            return of_unit(*unit, path);
        }
    }
    const auto& all = facts.snapshot().systemd.units;
    const auto maker = std::ranges::find_if(
        all, [&](const Unit& unit) { return !runtime_folder(unit, path).empty(); });
    return maker == all.end() ? Backend() : of_unit(*maker, path);
}

Backend of_files(std::string_view subject, const FactIndex& facts) {
    const MeantListener meant = facts.meant_listener(subject);
    if (meant.unit != nullptr) {
        return of_unit(meant.unit->id, fmt::format("ListenStream of {}", meant.unit->id));
    }
    if (meant.pool == nullptr) {
        return of_service(subject, facts);
    }
    std::string unit = unit_of(*meant.pool, facts);
    return unit.empty() ? Backend()
                        : of_unit(std::move(unit), fmt::format("`listen` of the pool {} in {}",
                                                               meant.pool->name, meant.pool->file));
}

std::string active_state(std::string_view id, const FactIndex& facts) {
    if (const Unit* const unit = facts.unit(id)) {
        return unit->active_state;
    }
    const auto& sockets = facts.snapshot().systemd.sockets;
    const auto socket = std::ranges::find(sockets, id, &SocketUnit::id);
    return socket == sockets.end() ? "" : socket->active_state;
}

/// What stands before a command so that it gets to the systemd that was asked: where that is of
/// another system, the source is its root, `/proc/812/root`.
std::string way_to_systemd(const FactIndex& facts) {
    constexpr std::string_view begin = "/proc/";
    constexpr std::string_view end = "/root";
    std::string_view root = facts.snapshot().systemd.reading.source;
    if (!root.starts_with(begin) || !root.ends_with(end)) {
        return {};
    }
    root.remove_prefix(begin.size());
    root.remove_suffix(end.size());
    return fmt::format("nsenter -t {} -a ", shell_word(root));
}

/// systemd neither starts what is masked, nor what failed too often.
std::string start_unit_command(const std::string& id, const FactIndex& facts) {
    const std::string systemctl = way_to_systemd(facts) + "systemctl";
    const std::string name = shell_word(id);
    const Unit* const unit = facts.unit(id);
    std::string before;
    if (unit != nullptr && unit->load_state == masked) {
        before = "unmask";
    } else if (unit != nullptr && unit->result == "start-limit-hit") {
        before = "reset-failed";
    }
    if (!before.empty()) {
        return fmt::format("{0} {1} {2} && {0} start {2}", systemctl, before, name);
    }
    const std::string state = active_state(id, facts);
    const bool is_stopped = state == "inactive" || state == "failed";
    return fmt::format("{} {} {}", systemctl, is_stopped ? "start" : "restart", name);
}

/// In systemd's words: `failed (exit-code)`.
std::string state_text(const Unit& unit) {
    if (unit.load_state == masked) {
        return std::string(masked);
    }
    const bool has_result = unit.active_state == "failed" && !unit.result.empty();
    return has_result ? fmt::format("{} ({})", unit.active_state, unit.result) : unit.active_state;
}

void add_state(Finding& finding, const Unit& unit, const FactIndex& facts) {
    const std::string state = state_text(unit);
    if (!state.empty()) {
        finding.evidence.push_back({.fact = fmt::format("state of {}", unit.id),
                                    .value = state,
                                    .source = facts.snapshot().systemd.reading.source});
    }
    if (unit.unit_file_state == "disabled") {
        finding.notes.push_back(
            fmt::format("{} is disabled: it does not start with the machine", unit.id));
    }
}

} // namespace

std::string_view name_of(const Container& container) {
    return container.names.empty() ? std::string_view(container.id)
                                   : std::string_view(container.names.front());
}

std::string_view engine_of(const Container& container) {
    return container.engine.empty() ? "docker" : std::string_view(container.engine);
}

std::string engine_command(const Container& container, std::string_view words,
                           std::string_view rest) {
    return fmt::format("{} {} {}{}{}", engine_of(container), words, shell_word(name_of(container)),
                       rest.empty() ? "" : " ", rest);
}

Backend find_backend(const ProbeAnswer& answer, const FactIndex& facts) {
    if (answer.container != nullptr) {
        return {
            .unit = {}, .container = answer.container, .known_by = "its ports", .is_known = true};
    }
    Backend backend;
    if (answer.listener != nullptr) {
        backend = of_owner(answer.listener->owner, facts);
    } else if (answer.socket != nullptr) {
        backend = of_owner(answer.socket->owner, facts);
    }
    return backend.is_known ? backend : of_files(name_of(answer), facts);
}

std::string name_of(const Backend& backend) {
    return backend.container == nullptr
               ? backend.unit
               : fmt::format("the container {}", name_of(*backend.container));
}

std::string start_command(const Backend& backend, const FactIndex& facts) {
    if (backend.container != nullptr) {
        const Container& container = *backend.container;
        return engine_command(container, container.status == "paused"    ? "unpause"
                                         : container.status == "running" ? "restart"
                                                                         : "start");
    }
    return backend.unit.empty() ? "" : start_unit_command(backend.unit, facts);
}

std::string log_command(const Backend& backend, const FactIndex& facts) {
    if (backend.container != nullptr) {
        return engine_command(*backend.container, "logs --tail 100");
    }
    return backend.unit.empty() ? ""
                                : fmt::format("{}journalctl -u {} -n 100 --no-pager",
                                              way_to_systemd(facts), shell_word(backend.unit));
}

void add_absent_backend(Finding& finding, const ProbeAnswer& answer, const FactIndex& facts,
                        std::string_view task) {
    const Backend backend = find_backend(answer, facts);
    if (!backend.is_known) {
        finding.notes.push_back(fmt::format("nothing says which program is meant to {}", task));
        return;
    }
    finding.notes.push_back(
        fmt::format("{} is meant to {}: {}", name_of(backend), task, backend.known_by));
    finding.notes.push_back(fmt::format("why it does not: {}", log_command(backend, facts)));
    if (const Unit* const unit = facts.unit(backend.unit)) {
        add_state(finding, *unit, facts);
    }
    finding.command = start_command(backend, facts);
}

std::string connect_command(const ProbeAnswer& answer) {
    const std::string_view subject = answer.subject;
    if (subject.starts_with(unix_prefix)) {
        return fmt::format("nc -zvU {}", shell_word(subject.substr(unix_prefix.size())));
    }
    const std::size_t colon = subject.rfind(':');
    if (colon == std::string_view::npos) {
        return "";
    }
    std::string_view host = subject.substr(0, colon);
    if (host.starts_with('[')) {
        host = host.substr(1, host.size() - 2);
    }
    return fmt::format("nc -zv -w 5 {} {}", shell_word(host), subject.substr(colon + 1));
}

std::string listener_command(const ProbeAnswer& answer) {
    const std::string_view subject = answer.subject;
    if (subject.starts_with(unix_prefix)) {
        return fmt::format("ss -lx src {}", shell_word(subject.substr(unix_prefix.size())));
    }
    const std::size_t colon = subject.rfind(':');
    return colon == std::string_view::npos
               ? ""
               : fmt::format("ss -ltn 'sport = :{}'", subject.substr(colon + 1));
}

} // namespace upstream_lint
