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

/// Each server, and behind it what in and below it gets values from the blocks around.
template <typename Visit> void visit_merged(const Scope& main, Visit visit) {
    for (Scope* child = main.first_child(); child != nullptr; child = child->next_sibling()) {
        if (!is_server(*child)) {
            continue;
        }
        for (Scope* at = child; at != nullptr; at = next_location(*at, *child)) {
            visit(at);
        }
    }
}

/// All modules go this way, and blocks lie far apart in memory.
std::vector<Scope*> merged_blocks(const Scope& main) {
    std::size_t count = 0;
    visit_merged(main, [&count](Scope*) { ++count; });
    std::vector<Scope*> blocks;
    blocks.reserve(count);
    visit_merged(main, [&blocks](Scope* block) { blocks.push_back(block); });
    return blocks;
}

bool is_used(Cycle& cycle, std::string_view module) {
    const auto id = find_module(module);
    return id && cycle.used_modules().contains(*id);
}

/// src/http/ngx_http.c, ngx_http_merge_servers
void merge_servers(const ModuleHooks& hooks, Cycle& cycle, std::span<Scope* const> blocks,
                   const Place& brace) {
    for (Scope* const block : blocks) {
        if (hooks.merge_server != nullptr && is_server(*block)) {
            hooks.merge_server(cycle, *block->parent(), *block, brace);
        }
        if (hooks.merge_location != nullptr) {
            hooks.merge_location(cycle, *block->parent(), *block, brace);
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
    const std::vector<Scope*> blocks = merged_blocks(main);
    for (const ModuleSetters* const module : modules) {
        const ModuleHooks& hooks = module->hooks;
        if (hooks.init_main != nullptr) {
            hooks.init_main(cycle, main, brace);
        }
        const bool merges = hooks.merge_server != nullptr || hooks.merge_location != nullptr;
        if (merges && (hooks.merges_unused || is_used(cycle, module->module))) {
            merge_servers(hooks, cycle, blocks, brace);
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
