#include "config/modules/ngx_http_lua_module.hpp"

#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_module.hpp"
#include "config/script.hpp"
#include "config/shared_memory.hpp"
#include "config/slots.hpp"
#include "config/ssl.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>

/// openresty/lua-nginx-module, src/ngx_http_lua_directive.c and its like.
namespace upstream_lint {

namespace {

constexpr std::int64_t least_dict_size = 8192;

/// What runs where, by the directive's name up to `_by_lua`. Kept by any block.
struct Handlers {
    struct Handler {
        Place place;
        bool is_empty = false;
    };

    std::map<std::string_view, Handler> set;
};

/// Kept by `http` and `stream`.
struct Paths {
    Place path;
    Place cpath;
};

bool is_block(const Directive& directive) {
    return directive.name().ends_with("_block");
}

bool is_file(const Directive& directive) {
    return directive.name().ends_with("_file");
}

std::string_view phase_of(const Directive& directive) {
    return directive.name().substr(0, directive.name().find("_by_lua"));
}

/// Those that say nothing of code that is not there, and take the name of a file as it stands.
bool is_plain(std::string_view phase) {
    constexpr std::array<std::string_view, 9> plain = {
        "balancer",         "exit_worker",     "init_worker",      "proxy_ssl_certificate",
        "proxy_ssl_verify", "ssl_certificate", "ssl_client_hello", "ssl_session_fetch",
        "ssl_session_store"};
    return std::ranges::find(plain, phase) != plain.end();
}

/// A block's setter runs when the block has been read, and what it returns is said as it stands
/// (ngx_http_lua_conf_lua_block_parse).
bool is_duplicate(Directive& directive, Handlers& handlers, bool is_empty) {
    const auto [known, is_new] = handlers.set.try_emplace(
        phase_of(directive), Handlers::Handler{directive.place(), is_empty});
    if (is_new) {
        return false;
    }
    Diagnostic& diagnostic = is_block(directive)
                                 ? directive.emerg(0, "is duplicate", Cause::duplicate)
                                 : directive.error("is duplicate", Cause::duplicate);
    diagnostic.label(known->second.place, "first here");
    return true;
}

bool take_handler(Directive& directive) {
    const std::string_view code = is_block(directive) ? directive.body() : directive[1];
    if (is_duplicate(directive, directive.scope().conf<Handlers>(), code.empty())) {
        return false;
    }
    const std::string_view phase = phase_of(directive);
    if (is_plain(phase)) {
        return true;
    }
    if (code.empty()) {
        directive.cycle().report(Level::error, "invalid location config: no runnable Lua code",
                                 directive.place(is_block(directive) ? 0 : 1));
        return false;
    }
    return !is_file(directive) || phase == "init" || script::compile(directive, 1).valid;
}

/// ndk_set_var_name
bool take_variable(Directive& directive) {
    const std::string_view word = directive[1];
    if (!word.starts_with('$')) {
        (void)script::variable_name(directive, 1);
        return false;
    }
    if (!script::define_variable(directive, 1, word.substr(1), true)) {
        return false;
    }
    script::use_variable(directive, 1, word.substr(1));
    return true;
}

/// ngx_http_lua_set_by_lua, ngx_http_lua_set_by_lua_file: the name of a file may have variables,
/// code has none.
void set_by_lua(Directive& directive) {
    if (is_file(directive) && !script::compile(directive, 2).valid) {
        return;
    }
    if (!take_variable(directive)) {
        return;
    }
    for (std::size_t i = 3; i <= directive.size(); ++i) {
        if (!script::compile(directive, i).valid) {
            return;
        }
    }
}

/// ngx_http_lua_regex_cache_max_entries, ngx_http_lua_regex_match_limit
void number(Directive& directive) {
    (void)slot::number(directive);
}

void inherit(Handlers& child, const Handlers& parent, std::string_view phase) {
    const auto outer = parent.set.find(phase);
    const auto own = child.set.find(phase);
    if (outer != parent.set.end() && (own == child.set.end() || own->second.is_empty)) {
        child.set[phase] = outer->second;
    }
}

/// ngx_http_lua_merge_srv_conf
void merge_server(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    auto& own = child.conf<Handlers>();
    const auto* const outer = parent.find<Handlers>();
    for (const std::string_view phase : {"ssl_client_hello", "ssl_certificate"}) {
        if (outer != nullptr) {
            inherit(own, *outer, phase);
        }
        const auto found = own.set.find(phase);
        const bool is_used = found != own.set.end() && !found->second.is_empty;
        if (is_used && !cycle.is_partial() && !has_ssl_context(child)) {
            cycle
                .report_without_place(Level::emerg, "no ssl configured for the server",
                                      found->second.place, Cause::missing)
                .label(cycle.place(child), "this server has no certificate");
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 54> setters = {{
    {"access_by_lua", lua::handler},
    {"access_by_lua_block", lua::handler},
    {"access_by_lua_file", lua::handler},
    {"balancer_by_lua_block", lua::balancer},
    {"balancer_by_lua_file", lua::balancer},
    {"body_filter_by_lua", lua::handler},
    {"body_filter_by_lua_block", lua::handler},
    {"body_filter_by_lua_file", lua::handler},
    {"content_by_lua", lua::handler},
    {"content_by_lua_block", lua::handler},
    {"content_by_lua_file", lua::handler},
    {"exit_worker_by_lua_block", lua::handler},
    {"exit_worker_by_lua_file", lua::handler},
    {"header_filter_by_lua", lua::handler},
    {"header_filter_by_lua_block", lua::handler},
    {"header_filter_by_lua_file", lua::handler},
    {"init_by_lua", lua::handler},
    {"init_by_lua_block", lua::handler},
    {"init_by_lua_file", lua::handler},
    {"init_worker_by_lua", lua::handler},
    {"init_worker_by_lua_block", lua::handler},
    {"init_worker_by_lua_file", lua::handler},
    {"log_by_lua", lua::handler},
    {"log_by_lua_block", lua::handler},
    {"log_by_lua_file", lua::handler},
    {"lua_capture_error_log", lua::capture_error_log},
    {"lua_code_cache", lua::code_cache},
    {"lua_load_resty_core", lua::load_resty_core},
    {"lua_malloc_trim", lua::malloc_trim},
    {"lua_package_cpath", lua::package_path},
    {"lua_package_path", lua::package_path},
    {"lua_regex_cache_max_entries", number},
    {"lua_regex_match_limit", number},
    {"lua_shared_dict", lua::shared_dict},
    {"precontent_by_lua_block", lua::handler},
    {"precontent_by_lua_file", lua::handler},
    {"proxy_ssl_certificate_by_lua_block", lua::handler},
    {"proxy_ssl_certificate_by_lua_file", lua::handler},
    {"rewrite_by_lua", lua::handler},
    {"rewrite_by_lua_block", lua::handler},
    {"rewrite_by_lua_file", lua::handler},
    {"server_rewrite_by_lua_block", lua::handler},
    {"server_rewrite_by_lua_file", lua::handler},
    {"set_by_lua", set_by_lua},
    {"set_by_lua_block", set_by_lua},
    {"set_by_lua_file", set_by_lua},
    {"ssl_certificate_by_lua_block", lua::handler},
    {"ssl_certificate_by_lua_file", lua::handler},
    {"ssl_client_hello_by_lua_block", lua::handler},
    {"ssl_client_hello_by_lua_file", lua::handler},
    {"ssl_session_fetch_by_lua_block", lua::handler},
    {"ssl_session_fetch_by_lua_file", lua::handler},
    {"ssl_session_store_by_lua_block", lua::handler},
    {"ssl_session_store_by_lua_file", lua::handler},
}};

} // namespace

void lua::handler(Directive& directive) {
    (void)take_handler(directive);
}

/// ngx_http_lua_balancer_by_lua
void lua::balancer(Directive& directive) {
    if (take_handler(directive)) {
        upstream::set_balancer(directive);
        directive.scope().conf<UpstreamBlock>().parameters =
            ServerParameters::without_backup_and_max_conns;
    }
}

/// The patch that it needs comes with OpenResty alone.
void lua::capture_error_log(Directive& directive) {
    directive.error("not found: missing the capture error log patch for nginx");
}

/// nginx says it as an alert, and goes on.
void lua::code_cache(Directive& directive) {
    if (slot::flag(directive) == false) {
        directive.warn(1, "lua_code_cache is off; this will hurt performance");
    }
}

void lua::load_resty_core(Directive& directive) {
    directive.warn(0, "lua_load_resty_core is deprecated (the lua-resty-core library is required "
                      "since ngx_lua v0.10.16)");
}

void lua::malloc_trim(Directive& directive) {
    if (!parse_number(directive[1])) {
        directive.error(1, "invalid number in the 1st argument");
    }
}

/// Empty ones count as none.
void lua::package_path(Directive& directive) {
    auto& paths = directive.scope().conf<Paths>();
    Place& first = directive.row().name == "lua_package_path" ? paths.path : paths.cpath;
    if (!first.is_none()) {
        directive.error("is duplicate", Cause::duplicate).label(first, "first here");
    } else if (!directive[1].empty()) {
        first = directive.place();
    }
}

void lua::shared_dict(Directive& directive) {
    if (directive[1].empty()) {
        directive.emerg(1, "invalid lua shared dict name \"\"");
        return;
    }
    const auto size = parse_size(directive[2]);
    if (!size || *size < least_dict_size) {
        directive.emerg(2, fmt::format("invalid lua shared dict size \"{}\"", directive[2]))
            .notes.emplace_back("the least is 8k");
        return;
    }
    SharedZone* const zone =
        add_shared_zone(directive, 1, directive[1], *size, module_name(directive.row().module));
    if (zone == nullptr) {
        return;
    }
    if (!zone->data.empty()) {
        directive
            .emerg(1,
                   fmt::format("lua_shared_dict \"{}\" is already defined as \"{}\"", directive[1],
                               zone->data),
                   Cause::duplicate)
            .label(zone->bound_at, "first here");
        return;
    }
    zone->data = directive.cycle().keep(directive[1]);
    zone->bound_at = directive.place();
}

const ModuleSetters ngx_http_lua_module = {"ngx_http_lua", setters, {.merge_server = merge_server}};

} // namespace upstream_lint
