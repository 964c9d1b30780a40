#include "config/script.hpp"
#include "config/setters.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// What the names of the modules of a block begin with.
std::string_view module_prefix(Context block) {
    switch (block) {
    case Context::http:
        return "ngx_http_";
    case Context::stream:
        return "ngx_stream_";
    default:
        return "ngx_mail_";
    }
}

bool is_server(const Scope& scope) {
    return scope.context() == Context::server || scope.context() == Context::stream_server ||
           scope.context() == Context::mail_server;
}

/// Those in and below a server that nginx merges as locations.
bool is_location(const Scope& scope) {
    switch (scope.context()) {
    case Context::location:
    case Context::if_in_server:
    case Context::if_in_location:
    case Context::limit_except:
        return true;
    default:
        return false;
    }
}

/// A block, and what below it gets values from the blocks around.
struct Server {
    Scope* server;
    std::vector<Scope*> locations;
};

/// The location behind this one, outer ones first, below `server` (src/http/ngx_http.c,
/// ngx_http_merge_locations); null at the end.
Scope* next_location(Scope& scope, const Scope& server) {
    Scope* next = scope.first_child();
    for (Scope* at = &scope;; next = at->next_sibling(), at = at->parent()) {
        while (next != nullptr && !is_location(*next)) {
            next = next->next_sibling();
        }
        if (next != nullptr || at == &server) {
            return next;
        }
    }
}

std::vector<Server> servers_of(const Scope& main) {
    std::vector<Server> servers;
    for (Scope* child = main.first_child(); child != nullptr; child = child->next_sibling()) {
        if (!is_server(*child)) {
            continue;
        }
        std::vector<Scope*>& locations = servers.emplace_back(Server{child, {}}).locations;
        for (Scope* at = next_location(*child, *child); at != nullptr;
             at = next_location(*at, *child)) {
            locations.push_back(at);
        }
    }
    return servers;
}

bool is_used(Cycle& cycle, std::string_view module) {
    const auto id = find_module(module);
    return id && cycle.used_modules().contains(*id);
}

/// src/http/ngx_http.c, ngx_http_merge_servers
void merge_servers(const ModuleHooks& hooks, Cycle& cycle, std::span<const Server> servers,
                   const Place& brace) {
    for (const auto& [server, locations] : servers) {
        if (hooks.merge_server != nullptr) {
            hooks.merge_server(cycle, *server->parent(), *server, brace);
        }
        if (hooks.merge_location == nullptr) {
            continue;
        }
        hooks.merge_location(cycle, *server->parent(), *server, brace);
        for (Scope* const location : locations) {
            hooks.merge_location(cycle, *location->parent(), *location, brace);
        }
    }
}

} // namespace

void end_of_main_block(Cycle& cycle, Scope& main, const Place& brace) {
    std::vector<const ModuleSetters*> modules;
    for (const ModuleSetters* const module : checked_modules()) {
        if (module->module.starts_with(module_prefix(main.context()))) {
            modules.push_back(module);
        }
    }
    const std::vector<Server> servers = servers_of(main);
    for (const ModuleSetters* const module : modules) {
        const ModuleHooks& hooks = module->hooks;
        if (hooks.init_main != nullptr) {
            hooks.init_main(cycle, main, brace);
        }
        if (hooks.merges_unused || is_used(cycle, module->module)) {
            merge_servers(hooks, cycle, servers, brace);
        }
    }
    const auto run = [&](ModuleHooks::Main ModuleHooks::*hook) {
        for (const ModuleSetters* const module : modules) {
            if (module->hooks.*hook != nullptr) {
                (module->hooks.*hook)(cycle, main, brace);
            }
        }
    };
    run(&ModuleHooks::init_locations);
    run(&ModuleHooks::postconfiguration);
    script::check_variables(cycle, main);
    run(&ModuleHooks::optimize_servers);
}

} // namespace upstream_lint
