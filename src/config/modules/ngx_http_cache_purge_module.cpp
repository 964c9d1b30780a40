#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/script.hpp"
#include "config/url.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string>

/// FRiCKLE/ngx_cache_purge, ngx_cache_purge_module.c
namespace upstream_lint {

namespace {

/// `proxy` of `proxy_cache_purge`.
std::string_view module_prefix(const Directive& directive) {
    return directive.row().name.substr(0, directive.row().name.find('_'));
}

bool is_network(Directive& directive, std::size_t word) {
    const auto network = parse_cidr(directive[word]);
    if (!network) {
        directive.emerg(word, fmt::format("invalid parameter \"{}\"", directive[word]));
        return false;
    }
    if (network->has_low_bits) {
        directive.warn(word,
                       fmt::format("low address bits of {} are meaningless", directive[word]));
    }
    return true;
}

/// ngx_http_cache_purge_conf: `on`, `off` or `METHOD`, and `from` whom.
void same_location(Directive& directive) {
    if (c_string(directive[1]) == "off" || directive.size() == 1) {
        return;
    }
    if (c_string(directive[2]) != "from") {
        directive.emerg(
            2, fmt::format("invalid parameter \"{}\", expected \"from\" keyword", directive[2]));
        return;
    }
    if (c_string(directive[3]) == "all") {
        return;
    }
    for (std::size_t i = 3; i <= directive.size() && is_network(directive, i); ++i) {
    }
}

void report_incompatible(Directive& directive, std::string_view what, const Place& place) {
    directive
        .error(0, fmt::format("is incompatible with \"{}_{}\"", module_prefix(directive), what),
               Cause::conflict)
        .label(place, "set here");
}

bool is_compatible(Directive& directive) {
    const Place pass = directive.cycle().place(upstream_conf::of(directive).pass);
    const UpstreamSettings& conf = upstream_conf::own_settings(directive);
    if (conf.cache && conf.cache->value) {
        report_incompatible(directive, "cache", conf.cache->place);
    } else if (!pass.is_none()) {
        report_incompatible(directive, "pass", pass);
    } else if (conf.store && conf.store->value) {
        report_incompatible(directive, "store", conf.store->place);
    } else {
        return true;
    }
    return false;
}

/// What stands behind it then counts as a duplicate.
void mark_as_set(Directive& directive, std::string_view what) {
    const std::string name = fmt::format("{}_{}", module_prefix(directive), what);
    for (const DirectiveRow& row : find_directive(name)) {
        (void)directive.cycle().first_of(row, directive.place());
    }
}

/// `ZONE KEY`, which is a cache and its key.
void separate_location(Directive& directive) {
    const Context context = directive.scope().context();
    if (context == Context::http || context == Context::server) {
        directive.error("(separate location syntax) is not allowed here", Cause::not_allowed);
        return;
    }
    if (!is_compatible(directive)) {
        return;
    }
    UpstreamSettings& conf = upstream_conf::own_settings(directive);
    conf.cache = Given<bool>{true, directive.place()};
    mark_as_set(directive, "cache");
    const std::string_view owner =
        directive.cycle().keep(fmt::format("ngx_http_{}", module_prefix(directive)));
    if (const auto module = find_module(owner)) {
        directive.cycle().used_modules().insert(*module);
    }
    conf.cache_zone = add_shared_zone(directive, 1, directive[1], 0, owner);
    if (conf.cache_zone != nullptr && script::compile(directive, 2).valid) {
        conf.cache_key = directive.place();
        mark_as_set(directive, "cache_key");
    }
}

/// ngx_http_proxy_cache_purge_conf and its like
void cache_purge(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    if (directive.size() == 2) {
        separate_location(directive);
    } else {
        same_location(directive);
    }
}

constexpr std::array<DirectiveSetter, 4> setters = {{
    {"fastcgi_cache_purge", cache_purge},
    {"proxy_cache_purge", cache_purge},
    {"scgi_cache_purge", cache_purge},
    {"uwsgi_cache_purge", cache_purge},
}};

} // namespace

const ModuleSetters ngx_http_cache_purge_module = {"ngx_http_cache_purge", setters};

} // namespace upstream_lint
