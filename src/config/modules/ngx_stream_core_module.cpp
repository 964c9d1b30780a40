#include "config/modules/ngx_stream_core_module.hpp"

#include "config/http_core.hpp"
#include "config/http_server.hpp"
#include "config/modules/modules.hpp"

#include <array>

/// src/stream/ngx_stream_core_module.c
namespace upstream_lint {

namespace {

/// Kept by a server that does something with its connections.
struct HasHandler {};

/// ngx_stream_core_server
void server(Directive& directive) {
    directive.set_end_handler(require_listen);
}

/// ngx_stream_core_merge_srv_conf
void merge_server(Cycle& cycle, Scope& /*parent*/, Scope& child, const Place& /*brace*/) {
    const bool may_have_none = !cycle.before(1, 27, 1) || cycle.is_partial();
    if (may_have_none || child.find<HasHandler>() != nullptr || child.has_unjudged()) {
        return;
    }
    cycle.report(Level::emerg, "no handler for server", cycle.place(child), Cause::missing)
        .notes.emplace_back("`proxy_pass` or `return` says what to do with its connections");
}

constexpr auto max_size = &HashSizes::max_size;
constexpr auto bucket_size = &HashSizes::bucket_size;

constexpr std::array<DirectiveSetter, 7> setters = {{
    {"listen", set_listen},
    {"server", server},
    {"server_name", set_server_name},
    {"server_names_hash_bucket_size",
     hash_size<HttpCoreMain, &HttpCoreMain::server_names, bucket_size>},
    {"server_names_hash_max_size", hash_size<HttpCoreMain, &HttpCoreMain::server_names, max_size>},
    {"variables_hash_bucket_size", hash_size<HttpCoreMain, &HttpCoreMain::variables, bucket_size>},
    {"variables_hash_max_size", hash_size<HttpCoreMain, &HttpCoreMain::variables, max_size>},
}};

} // namespace

void set_stream_handler(Directive& directive) {
    (void)directive.scope().conf<HasHandler>();
}

const ModuleSetters ngx_stream_core_module = {
    "ngx_stream_core",
    setters,
    {.merge_server = merge_server, .optimize_servers = optimize_servers}};

} // namespace upstream_lint
