#include "resolve/unreached_routes.hpp"

#include "resolve/inherited_setting.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace upstream_lint {

namespace {

constexpr std::size_t max_takers = 16;

/// Whether rewriting may end with a directive without an answer.
bool leaves(const Model& model, const Setting& setting) {
    if (setting.name == "if") {
        return std::ranges::any_of(model.settings(setting.block),
                                   [&](const Setting& inner) { return leaves(model, inner); });
    }
    return setting.name == "break" || setting.name == "rewrite" ||
           setting.name.find("_by_lua") != std::string_view::npos ||
           setting.name.starts_with("js_") || setting.name.starts_with("perl");
}

DirectiveRef returning(const Model& model, LocationId level) {
    for (const Setting& setting : model.settings(level)) {
        if (setting.name == "return") {
            return setting.directive;
        }
        if (leaves(model, setting)) {
            return {};
        }
    }
    return {};
}

void add_once(std::vector<DirectiveRef>& list, DirectiveRef directive) {
    if (std::ranges::find(list, directive) == list.end() && list.size() < max_takers) {
        list.push_back(directive);
    }
}

} // namespace

DirectiveRef ending_directive(const Model& model, const PassSite& pass) {
    if (pass.takes_sessions()) {
        return {};
    }
    // nginx enters `limit_except` before it rewrites, and rewrites what stands there alone
    const bool is_limited = model.location(pass.level).kind == Location::Kind::limit_except;
    const DirectiveRef own = returning(model, is_limited ? pass.level : pass.location);
    if (!own.is_none() || model.location(pass.location).kind == Location::Kind::named) {
        return own;
    }
    const LocationId level = model.server(pass.server).level;
    const DirectiveRef of_server = returning(model, level);
    const bool has_error_page = find_inherited_setting(model, level, "error_page") != nullptr;
    return has_error_page ? DirectiveRef() : of_server;
}

void tell_ended(Route& route, DirectiveRef ending) {
    route.reach = Reach::never;
    route.because = {ending};
    route.why = "nginx answers before it passes anything on";
}

void tell_server(Route& route, const Model& model, std::span<const ServerEntry> entries) {
    const auto possible = std::ranges::find_if(
        entries, [](const ServerEntry& entry) { return entry.reach != Reach::never; });
    if (possible != entries.end() || entries.empty()) {
        route.reach = Reach::unknown;
        route.why = entries.empty() ? "it is not known where the server listens" : possible->why;
        return;
    }
    route.reach = Reach::never;
    route.why = "no name leads to its server";
    for (const ServerEntry& entry : entries) {
        for (const ServerId by : entry.shadowed_by) {
            add_once(route.because, model.server(by).block);
        }
    }
}

void tell_internal(Route& route, const Model& model, const InternalWays& ways) {
    const Location& location = model.location(route.location);
    const auto first = location.kind == Location::Kind::named
                           ? model.find_named(route.server, location.name)
                           : std::nullopt;
    if (first && *first != route.location) {
        route.reach = Reach::never;
        route.because = {model.location(*first).block};
        route.why = "an earlier location has its name";
        return;
    }
    route.reach = Reach::internal;
    for (const InternalWay& each : ways.to(route.location)) {
        add_once(route.because, each.directive);
    }
    route.why = route.because.empty()
                    ? "only what answers can send a request there, by X-Accel-Redirect"
                    : "only an internal redirect leads there, and none was found to do so";
}

void tell_shadowed(Route& route, const Model& model, LocationUris& uris) {
    const LanguageBounds& any = uris.of_any(route.location);
    const bool is_never = any.upper.is_empty();
    if (is_never) {
        route.reach = Reach::never;
        route.why = "other locations have its URIs";
    } else {
        route.reach = any.is_exact() ? Reach::internal : Reach::unknown;
        route.why = any.is_exact() ? "no URI that a request brings ends there" : any.why_inexact;
    }
    for (const LocationId taker : uris.takers(route.location, max_takers)) {
        add_once(route.because, model.location(taker).block);
    }
    if (route.because.empty() && is_never) {
        route.why = "no URI ends there, whatever else there is";
    }
}

} // namespace upstream_lint
