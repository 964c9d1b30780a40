#include "config/client_networks.hpp"
#include "config/http_server.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <optional>

/// src/event/ngx_event.c
namespace upstream_lint {

namespace {

constexpr std::size_t default_connections = 512;

/// Kept by `events`.
struct Connections {
    std::optional<std::int64_t> number;
    Place place;
};

/// ngx_event_connections
void worker_connections(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const auto number = parse_number(directive[1]);
    if (!number) {
        directive.emerg(1, fmt::format("invalid number \"{}\"", directive[1]));
        return;
    }
    directive.scope().conf<Connections>() = {number, directive.place()};
}

/// ngx_event_init_conf: each socket takes a connection, and what the master says one more.
void init_conf(Cycle& cycle, Scope& main) {
    const auto* const listening = main.find<Listening>();
    const std::size_t sockets = listening != nullptr ? listening->sockets : 0;
    const Scope* events = main.first_child();
    while (events != nullptr && events->context() != Context::events) {
        events = events->next_sibling();
    }
    if (events == nullptr || cycle.is_partial()) {
        return;
    }
    const auto* const given = events->find<Connections>();
    const std::size_t connections = given != nullptr && given->number
                                        ? static_cast<std::size_t>(*given->number)
                                        : default_connections;
    if (connections < sockets + 1) {
        cycle.report_without_place(
            Level::emerg,
            fmt::format("{} worker_connections are not enough for {} listening sockets",
                        connections, sockets),
            given != nullptr ? given->place : cycle.place(*events), Cause::conflict);
    }
}

struct EventType {
    std::string_view name;
    std::string_view module;
};

/// The event modules of Linux; the one that holds these directives is among them.
constexpr std::array<EventType, 4> event_types = {{{"event_core", "ngx_event_core"},
                                                   {"epoll", "ngx_epoll"},
                                                   {"select", "ngx_select"},
                                                   {"poll", "ngx_poll"}}};

/// ngx_event_use
void use(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const auto type = std::ranges::find(event_types, directive[1], &EventType::name);
    const auto module = type == event_types.end() ? std::nullopt : find_module(type->module);
    if (!module || !directive.cycle().build().modules.contains(*module)) {
        directive.emerg(1, fmt::format("invalid event type \"{}\"", directive[1]));
    }
}

/// ngx_event_debug_connection. That a build without `--with-debug` ignores it is not said.
void debug_connection(Directive& directive) {
    take_network_or_host(directive);
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"connections", worker_connections},
    {"debug_connection", debug_connection},
    {"use", use},
    {"worker_connections", worker_connections},
}};

} // namespace

const ModuleSetters ngx_event_core_module = {"ngx_event_core", setters, {.init_conf = init_conf}};

} // namespace upstream_lint
