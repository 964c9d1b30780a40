#include "config/modules/modules.hpp"
#include "config/url.hpp"

#include <array>
#include <fmt/format.h>

/// src/mail/ngx_mail_auth_http_module.c
namespace upstream_lint {

namespace {

struct AuthHttp {
    bool has_server = false;
};

/// ngx_mail_auth_http
void auth_http(Directive& directive) {
    constexpr std::string_view scheme = "http://";
    std::string_view text = directive[1];
    if (text.starts_with(scheme)) {
        text.remove_prefix(scheme.size());
    }
    const Url url = parse_url(text, {.uri_part = true, .default_port = 80});
    if (!url.error.empty()) {
        directive.emerg(1, fmt::format("{} in auth_http \"{}\"", url.error, text));
        return;
    }
    directive.scope().conf<AuthHttp>().has_server = true;
}

/// ngx_mail_auth_http_merge_conf
void merge_server(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    const AuthHttp* const outer = parent.find<AuthHttp>();
    const bool has_server =
        child.conf<AuthHttp>().has_server || (outer != nullptr && outer->has_server);
    if (!has_server && !cycle.is_partial()) {
        cycle.report(Level::emerg, "no \"auth_http\" is defined for server", cycle.place(child),
                     Cause::missing);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"auth_http", auth_http},
}};

} // namespace

const ModuleSetters ngx_mail_auth_http_module = {
    "ngx_mail_auth_http", setters, {.merge_server = merge_server}};

} // namespace upstream_lint
