#include "rules/backend.hpp"

#include "rules/shell_word.hpp"

#include <fmt/format.h>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::string_view unix_prefix = "unix:";

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
    return owner.unit.empty() ? Backend() : of_unit(owner.unit, "it holds the socket");
}

Backend of_files(std::string_view subject, const FactIndex& facts) {
    const MeantListener meant = facts.meant_listener(subject);
    if (meant.unit != nullptr) {
        return of_unit(meant.unit->id, fmt::format("ListenStream of {}", meant.unit->id));
    }
    if (meant.pool == nullptr) {
        return {};
    }
    std::string unit = unit_of(*meant.pool, facts);
    return unit.empty() ? Backend()
                        : of_unit(std::move(unit), fmt::format("`listen` of the pool {} in {}",
                                                               meant.pool->name, meant.pool->file));
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

std::string start_command(const Backend& backend) {
    if (backend.container != nullptr) {
        const Container& container = *backend.container;
        return engine_command(container, container.status == "paused"    ? "unpause"
                                         : container.status == "running" ? "restart"
                                                                         : "start");
    }
    return backend.unit.empty() ? ""
                                : fmt::format("systemctl restart {}", shell_word(backend.unit));
}

std::string log_command(const Backend& backend) {
    if (backend.container != nullptr) {
        return engine_command(*backend.container, "logs --tail 100");
    }
    return backend.unit.empty()
               ? ""
               : fmt::format("journalctl -u {} -n 100 --no-pager", shell_word(backend.unit));
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
