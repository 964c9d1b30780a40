#include "config/client_networks.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

/// src/event/ngx_event.c
namespace upstream_lint {

namespace {

/// ngx_event_connections
void worker_connections(Directive& directive) {
    if (!directive.is_duplicate() && !parse_number(directive[1])) {
        directive.emerg(1, fmt::format("invalid number \"{}\"", directive[1]));
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

const ModuleSetters ngx_event_core_module = {"ngx_event_core", setters};

} // namespace upstream_lint
