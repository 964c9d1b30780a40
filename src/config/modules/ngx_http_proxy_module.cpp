#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/script.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <optional>

/// src/http/modules/ngx_http_proxy_module.c
namespace upstream_lint {

namespace {

constexpr std::array<std::string_view, 8> hidden_headers = {"Date",
                                                            "Server",
                                                            "X-Pad",
                                                            "X-Accel-Expires",
                                                            "X-Accel-Redirect",
                                                            "X-Accel-Limit-Rate",
                                                            "X-Accel-Buffering",
                                                            "X-Accel-Charset"};
constexpr std::array<std::string_view, 8> headers = {
    "Host", "Connection", "Content-Length", "Transfer-Encoding",
    "TE",   "Keep-Alive", "Expect",         "Upgrade"};
constexpr std::array<std::string_view, 14> cache_headers = {
    "Host",          "Connection", "Content-Length", "Transfer-Encoding", "TE",
    "Keep-Alive",    "Expect",     "Upgrade",        "If-Modified-Since", "If-Unmodified-Since",
    "If-None-Match", "If-Match",   "Range",          "If-Range"};

constexpr std::array<Scheme, 2> schemes = {{
    {"http://", 80, false},
    {"https://", 443, true},
}};

constexpr PassRules pass_rules = {.schemes = schemes, .needs_scheme = true, .takes_uri = true};

/// What the proxy keeps of a location beyond what all keep (nginx: redirects and its like).
struct ProxyConf {
    /// Of a directive that `off` turns off, and that may stand several times otherwise.
    struct Rules {
        bool is_off = false;
        std::optional<Span> first;
    };

    Rules redirects;
    Rules cookie_domains;
    Rules cookie_paths;
    Rules cookie_flags;
};

/// Whether a location has no name that a URI could stand for: it is given by a regular expression,
/// or named, or no location at all.
bool has_no_prefix(const Cycle& cycle, const Scope& scope) {
    if (scope.context() != Context::location) {
        return true;
    }
    std::string_view words = cycle.text(cycle.place(scope));
    for (const std::string_view skipped :
         {std::string_view("location"), std::string_view(" \t\r\n\"'")}) {
        const std::size_t start =
            skipped == "location" ? skipped.size() : words.find_first_not_of(skipped);
        words.remove_prefix(std::min(words.size(), start));
    }
    return words.starts_with('~') || words.starts_with('@');
}

/// ngx_http_proxy_pass
void pass(Directive& directive) {
    const auto url = upstream_conf::pass(directive, pass_rules);
    if (!url || url->uri.empty() || !has_no_prefix(directive.cycle(), directive.scope())) {
        return;
    }
    directive
        .emerg(1,
               "\"proxy_pass\" cannot have URI part in location given by regular expression, "
               "or inside named location, or inside \"if\" statement, or inside "
               "\"limit_except\" block",
               Cause::conflict)
        .notes.push_back(fmt::format("the URI part is `{}`", url->uri));
}

/// Until 1.19.3 what came behind `off` was passed over.
bool is_strict(Directive& directive) {
    return !directive.cycle().before(1, 19, 3);
}

void report_duplicate(Directive& directive, const ProxyConf::Rules& rules) {
    Diagnostic& diagnostic = directive.error("is duplicate", Cause::duplicate);
    if (rules.first) {
        diagnostic.label(*rules.first, "first here");
    }
}

/// `off` and what must not stand beside it; true when there are rules to read.
bool begin_rules(Directive& directive, ProxyConf::Rules& rules) {
    if (rules.is_off) {
        if (is_strict(directive)) {
            report_duplicate(directive, rules);
        }
        return false;
    }
    if (directive.size() == 1 && c_string(directive[1]) == "off") {
        if (rules.first && is_strict(directive)) {
            report_duplicate(directive, rules);
            return false;
        }
        rules.is_off = true;
    }
    if (!rules.first) {
        rules.first = directive.place().span;
    }
    return !rules.is_off;
}

/// A pattern, which is a regular expression behind a `~`, and with `*` one that ignores case.
bool compile_pattern(Directive& directive, Case plain) {
    std::string_view pattern = directive[1];
    if (!pattern.starts_with('~')) {
        return script::compile(directive, 1).valid;
    }
    pattern.remove_prefix(1);
    Case letters = plain;
    if (plain == Case::sensitive && pattern.starts_with('*')) {
        pattern.remove_prefix(1);
        letters = Case::insensitive;
    }
    return script::compile_regex(directive, 1, pattern, letters, true) != nullptr;
}

/// `proxy_redirect default`, which stands for what `proxy_pass` says.
void redirect_default(Directive& directive) {
    const UpstreamConf& conf = upstream_conf::of(directive);
    if (conf.pass_has_variables) {
        directive
            .emerg(1,
                   "\"proxy_redirect default\" cannot be used with \"proxy_pass\" directive with "
                   "variables",
                   Cause::conflict)
            .label(directive.cycle().place(conf.pass), "which stands here");
        return;
    }
    if (!conf.pass_is_literal) {
        directive.emerg(
            1, "\"proxy_redirect default\" should be placed after the \"proxy_pass\" directive",
            Cause::conflict);
    }
}

/// Until 1.19.3 `false` stood for `off`.
bool redirect_false(Directive& directive, ProxyConf::Rules& rules) {
    if (is_strict(directive) || directive.size() != 1 || c_string(directive[1]) != "false") {
        return false;
    }
    directive.cycle().report(Level::error, "invalid parameter \"false\", use \"off\" instead",
                             directive.place(1));
    rules.is_off = true;
    return true;
}

/// ngx_http_proxy_redirect
void redirect(Directive& directive) {
    auto& rules = directive.scope().conf<ProxyConf>().redirects;
    if (!begin_rules(directive, rules) || redirect_false(directive, rules)) {
        return;
    }
    const bool is_default = c_string(directive[1]) == "default";
    if (directive.size() == 1 && !is_default) {
        static constexpr std::array<std::string_view, 2> known = {"off", "default"};
        upstream::report_parameter(directive, 1, known);
        return;
    }
    if (is_default && (directive.size() == 1 || !is_strict(directive))) {
        redirect_default(directive);
    } else if (compile_pattern(directive, Case::sensitive)) {
        (void)script::compile(directive, 2);
    }
}

/// What has to be `off` when it is the one value.
bool has_rule(Directive& directive) {
    if (directive.size() == 1) {
        static constexpr std::array<std::string_view, 1> known = {"off"};
        upstream::report_parameter(directive, 1, known);
    }
    return directive.size() > 1;
}

/// ngx_http_proxy_cookie_domain
void cookie_domain(Directive& directive) {
    auto& rules = directive.scope().conf<ProxyConf>().cookie_domains;
    if (begin_rules(directive, rules) && has_rule(directive) &&
        compile_pattern(directive, Case::insensitive)) {
        (void)script::compile(directive, 2);
    }
}

/// ngx_http_proxy_cookie_path
void cookie_path(Directive& directive) {
    auto& rules = directive.scope().conf<ProxyConf>().cookie_paths;
    if (begin_rules(directive, rules) && has_rule(directive) &&
        compile_pattern(directive, Case::sensitive)) {
        (void)script::compile(directive, 2);
    }
}

/// ngx_http_proxy_cookie_flags. Which flags there are is found out when a cookie comes; until
/// 1.19.8, which brought variables, they are not looked at.
void cookie_flags(Directive& directive) {
    auto& rules = directive.scope().conf<ProxyConf>().cookie_flags;
    if (!begin_rules(directive, rules) || !has_rule(directive) ||
        !compile_pattern(directive, Case::insensitive) || directive.cycle().before(1, 19, 8)) {
        return;
    }
    for (std::size_t i = 2; i <= directive.size(); ++i) {
        if (!script::compile(directive, i).valid) {
            return;
        }
    }
}

constexpr std::array<DirectiveSetter, 26> setters = {{
    {"proxy_buffer_size", upstream_conf::buffer_size},
    {"proxy_buffers", upstream_conf::buffers},
    {"proxy_busy_buffers_size", upstream_conf::busy_buffers_size},
    {"proxy_cache", upstream_conf::cache},
    {"proxy_cache_key", upstream_conf::cache_key},
    {"proxy_cookie_domain", cookie_domain},
    {"proxy_cookie_flags", cookie_flags},
    {"proxy_cookie_path", cookie_path},
    {"proxy_headers_hash_bucket_size", upstream_conf::headers_hash_bucket_size},
    {"proxy_headers_hash_max_size", upstream_conf::headers_hash_max_size},
    {"proxy_hide_header", upstream_conf::hide_header},
    {"proxy_max_temp_file_size", upstream_conf::max_temp_file_size},
    {"proxy_pass", pass},
    {"proxy_pass_header", upstream_conf::pass_header},
    {"proxy_redirect", redirect},
    {"proxy_send_lowat", upstream_conf::send_lowat},
    {"proxy_set_body", upstream_conf::set_body},
    {"proxy_set_header", upstream_conf::set_value},
    {"proxy_ssl_certificate", upstream_conf::ssl_certificate},
    {"proxy_ssl_certificate_cache", upstream_conf::ssl_certificate_cache},
    {"proxy_ssl_certificate_key", upstream_conf::ssl_certificate_key},
    {"proxy_ssl_password_file", upstream_conf::ssl_password_file},
    {"proxy_ssl_trusted_certificate", upstream_conf::ssl_trusted_certificate},
    {"proxy_ssl_verify", upstream_conf::ssl_verify},
    {"proxy_store", upstream_conf::store},
    {"proxy_temp_file_write_size", upstream_conf::temp_file_write_size},
}};

constexpr UpstreamModule module = {
    .module = PassModule::proxy,
    .name = "proxy",
    .has_buffers = true,
    .has_ssl = true,
    .hide_hash = "proxy_headers_hash",
    .hidden_headers = hidden_headers,
    .values_hash = "proxy_headers_hash",
    .default_values = headers,
    .default_cache_values = cache_headers,
};

} // namespace

const ModuleSetters ngx_http_proxy_module = {
    "ngx_http_proxy",
    setters,
    {.merge_location = upstream_conf::merge_as<module>, .merges_unused = false}};

} // namespace upstream_lint
