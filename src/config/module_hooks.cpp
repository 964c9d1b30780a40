#include "config/setters.hpp"

#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

using MainHook = void (*ModuleHooks::*)(Cycle&, Scope&, const Place&);
using MergeHook = void (*)(Cycle&, Scope&, Scope&, const Place&);

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

struct Merge {
    Scope* parent;
    Scope* child;
};

/// The servers with the block around them, or all that is merged below a server, outer ones first
/// (src/http/ngx_http.c, ngx_http_merge_servers and ngx_http_merge_locations).
std::vector<Merge> servers_of(Scope& main) {
    std::vector<Merge> servers;
    for (Scope* const child : main.children()) {
        if (is_server(*child)) {
            servers.push_back({&main, child});
        }
    }
    return servers;
}

void merge_locations(MergeHook merge, Cycle& cycle, Scope& server, const Place& brace) {
    std::vector<Merge> waiting;
    const auto add_children = [&waiting](Scope& parent) {
        const auto& children = parent.children();
        for (auto child = children.rbegin(); child != children.rend(); ++child) {
            if (is_location(**child)) {
                waiting.push_back({&parent, *child});
            }
        }
    };
    add_children(server);
    while (!waiting.empty()) {
        const Merge next = waiting.back();
        waiting.pop_back();
        merge(cycle, *next.parent, *next.child, brace);
        add_children(*next.child);
    }
}

void merge_servers(const ModuleHooks& hooks, Cycle& cycle, std::span<const Merge> servers,
                   const Place& brace) {
    for (const auto& [main, server] : servers) {
        if (hooks.merge_server != nullptr) {
            hooks.merge_server(cycle, *main, *server, brace);
        }
        if (hooks.merge_location != nullptr) {
            hooks.merge_location(cycle, *main, *server, brace);
            merge_locations(hooks.merge_location, cycle, *server, brace);
        }
    }
}

} // namespace

void end_of_main_block(Cycle& cycle, Scope& main, const Place& brace) {
    std::vector<const ModuleHooks*> modules;
    for (const ModuleSetters* const module : checked_modules()) {
        if (module->module.starts_with(module_prefix(main.context()))) {
            modules.push_back(&module->hooks);
        }
    }
    const std::vector<Merge> servers = servers_of(main);
    for (const ModuleHooks* const hooks : modules) {
        if (hooks->init_main != nullptr) {
            hooks->init_main(cycle, main, brace);
        }
        merge_servers(*hooks, cycle, servers, brace);
    }
    for (const MainHook hook : {&ModuleHooks::init_locations, &ModuleHooks::postconfiguration,
                                &ModuleHooks::init_variables, &ModuleHooks::optimize_servers}) {
        for (const ModuleHooks* const hooks : modules) {
            if (hooks->*hook != nullptr) {
                (hooks->*hook)(cycle, main, brace);
            }
        }
    }
}

} // namespace upstream_lint
