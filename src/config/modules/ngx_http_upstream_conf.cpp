#include "config/modules/ngx_http_upstream_conf.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/modules/ngx_http_script.hpp"
#include "config/script.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <utility>

/// What src/http/modules/ngx_http_{proxy,fastcgi,uwsgi,scgi,grpc,memcached}_module.c do alike when
/// they read their directives.
namespace upstream_lint::upstream_conf {

namespace {

constexpr std::array<std::string_view, 7> module_names = {"proxy", "fastcgi", "uwsgi",    "scgi",
                                                          "grpc",  "tunnel",  "memcached"};

std::string_view name_of(PassModule module) {
    return module_names[static_cast<std::size_t>(module)];
}

/// Of a row that has one of these names in front.
PassModule module_of(std::string_view directive) {
    const auto found = std::ranges::find(module_names, directive.substr(0, directive.find('_')));
    return static_cast<PassModule>(found - module_names.begin());
}

UpstreamConf* note(const Scope& scope, PassModule module) {
    auto* conf = scope.find<UpstreamConf>();
    while (conf != nullptr && conf->module != module) {
        conf = conf->next;
    }
    return conf;
}

UpstreamConf& make_note(Cycle& cycle, Scope& scope, PassModule module) {
    if (UpstreamConf* const known = note(scope, module)) {
        return *known;
    }
    auto* const first = scope.find<UpstreamConf>();
    UpstreamConf& made =
        first == nullptr ? scope.conf<UpstreamConf>() : *cycle.make<UpstreamConf>();
    made.module = module;
    if (first != nullptr) {
        made.next = std::exchange(first->next, &made);
    }
    return made;
}

template <typename T, typename V> void
set(Directive& directive, Setting<T> UpstreamSettings::*setting, const std::optional<V>& value) {
    if (value) {
        own_settings(directive).*setting = Given<T>{*value, directive.place()};
    }
}

void number(Directive& directive, Setting<std::int64_t> UpstreamSettings::*setting) {
    set(directive, setting, slot::number(directive));
}

void size(Directive& directive, Setting<std::int64_t> UpstreamSettings::*setting) {
    set(directive, setting, slot::size(directive));
}

/// Until 1.21.0 these were plain strings.
void certificate(Directive& directive, Setting<std::string_view> UpstreamSettings::*setting) {
    if (directive.cycle().before(1, 21, 0)) {
        set(directive, setting, slot::string(directive));
    } else if (http_slot::complex_value(directive)) {
        set(directive, setting, std::optional(directive[1]));
    }
}

void add_name(Directive& directive, UpstreamSettings::Names* UpstreamSettings::*list) {
    UpstreamSettings& conf = own_settings(directive);
    UpstreamSettings::Names*& names = conf.*list;
    if (names == nullptr) {
        names = directive.cycle().make<UpstreamSettings::Names>();
    }
    names->push_back(directive[1]);
    conf.hide_headers_place = directive.place();
}

void add_value(Directive& directive, NamedValues*& values, std::size_t word) {
    if (values == nullptr) {
        values = directive.cycle().make<NamedValues>(directive.cycle().memory());
    }
    values->last = values->values.insert_after(values->last, directive.word(word));
}

void report_incompatible(Directive& directive, std::string_view other, const Place& place) {
    directive
        .error(fmt::format("is incompatible with \"{}_{}\"", name_of(module_of(directive.name())),
                           other),
               Cause::conflict)
        .label(place, "which stands here");
}

const Scheme* scheme_of(std::string_view text, std::span<const Scheme> schemes) {
    const auto found = std::ranges::find_if(schemes, [text](const Scheme& scheme) {
        return starts_ignoring_case(text, scheme.prefix);
    });
    return found == schemes.end() ? nullptr : &*found;
}

void report_prefix(Directive& directive, std::span<const Scheme> schemes) {
    Diagnostic& diagnostic = directive.emerg(1, "invalid URL prefix");
    std::string text;
    for (const Scheme& scheme : schemes) {
        text += fmt::format("{}`{}`", text.empty() ? "" : " or ", scheme.prefix);
    }
    diagnostic.notes.push_back(fmt::format("the URL has to begin with {}", text));
}

} // namespace

UpstreamConf* find(const Scope& scope, PassModule module) {
    UpstreamConf* const conf = note(scope, module);
    return conf != nullptr && conf->is_own ? conf : nullptr;
}

UpstreamConf* effective(Cycle& cycle, Scope& scope, PassModule module) {
    constexpr std::size_t far = 64;
    std::size_t steps = 0;
    const UpstreamConf* found = nullptr;
    for (const Scope* at = &scope; at != nullptr && found == nullptr; at = at->parent(), ++steps) {
        found = note(*at, module);
    }
    UpstreamConf* const conf = found != nullptr ? found->effective : nullptr;
    if (steps > far) {
        make_note(cycle, scope, module).effective = conf;
    }
    return conf;
}

UpstreamConf& of(Directive& directive) {
    UpstreamConf& conf =
        make_note(directive.cycle(), directive.scope(), module_of(directive.row().name));
    conf.is_own = true;
    conf.effective = &conf;
    return conf;
}

UpstreamSettings& own_settings(Directive& directive) {
    auto& settings = of(directive).settings;
    if (settings == nullptr) {
        settings = directive.cycle().make<UpstreamSettings>();
    }
    return *settings;
}

std::optional<Url> pass(Directive& directive, const PassRules& rules) {
    if (directive.is_duplicate()) {
        return std::nullopt;
    }
    UpstreamConf& conf = of(directive);
    conf.pass = directive.statement();
    const std::string_view text = directive[1];
    if (rules.takes_variables && script::has_variables(text)) {
        conf.pass_has_variables = true;
        conf.pass_uses_ssl = true;
        (void)script::compile(directive, 1);
        return std::nullopt;
    }
    const Scheme* const scheme = scheme_of(text, rules.schemes);
    if (rules.needs_scheme && scheme == nullptr) {
        report_prefix(directive, rules.schemes);
        return std::nullopt;
    }
    const Scheme used = scheme != nullptr ? *scheme : Scheme{};
    conf.pass_uses_ssl = used.uses_ssl;
    Url url;
    if (upstream::add(directive, 1, text.substr(used.prefix.size()),
                      {.uri_part = rules.takes_uri, .default_port = used.port}, url) == nullptr) {
        return std::nullopt;
    }
    conf.pass_is_literal = true;
    return url;
}

void store(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    UpstreamSettings& conf = own_settings(directive);
    const std::string_view value = c_string(directive[1]);
    if (value == "off") {
        conf.store = Given<bool>{false, directive.place()};
        return;
    }
    if (conf.cache && conf.cache->value) {
        report_incompatible(directive, "cache", conf.cache->place);
        return;
    }
    conf.store = Given<bool>{true, directive.place()};
    if (value != "on") {
        (void)script::compile(directive, 1);
    }
}

void cache(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    UpstreamSettings& conf = own_settings(directive);
    if (c_string(directive[1]) == "off") {
        conf.cache = Given<bool>{false, directive.place()};
        return;
    }
    if (conf.store && conf.store->value) {
        report_incompatible(directive, "store", conf.store->place);
        return;
    }
    conf.cache = Given<bool>{true, directive.place()};
    const script::Value zone = script::compile(directive, 1);
    if (zone.valid && zone.constant) {
        conf.cache_zone =
            add_shared_zone(directive, 1, directive[1], 0, module_name(directive.row().module));
    }
}

void cache_key(Directive& directive) {
    if (http_slot::complex_value(directive)) {
        own_settings(directive).cache_key = directive.place();
    }
}

void buffer_size(Directive& directive) {
    size(directive, &UpstreamSettings::buffer_size);
}

void buffers(Directive& directive) {
    set(directive, &UpstreamSettings::buffers, slot::buffers(directive));
}

void busy_buffers_size(Directive& directive) {
    size(directive, &UpstreamSettings::busy_buffers_size);
}

void temp_file_write_size(Directive& directive) {
    size(directive, &UpstreamSettings::temp_file_write_size);
}

void max_temp_file_size(Directive& directive) {
    size(directive, &UpstreamSettings::max_temp_file_size);
}

void send_lowat(Directive& directive) {
    if (slot::size(directive)) {
        directive.warn(0, fmt::format("\"{}\" is not supported, ignored", directive.name()));
    }
}

void ssl(Directive& directive) {
    set(directive, &UpstreamSettings::ssl, slot::flag(directive));
}

void ssl_certificate(Directive& directive) {
    certificate(directive, &UpstreamSettings::ssl_certificate);
}

void ssl_certificate_key(Directive& directive) {
    certificate(directive, &UpstreamSettings::ssl_certificate_key);
}

void ssl_verify(Directive& directive) {
    set(directive, &UpstreamSettings::ssl_verify, slot::flag(directive));
}

void ssl_trusted_certificate(Directive& directive) {
    set(directive, &UpstreamSettings::ssl_trusted_certificate, slot::string(directive));
}

void ssl_password_file(Directive& directive) {
    (void)directive.is_duplicate();
}

void ssl_certificate_cache(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    static constexpr std::array<std::string_view, 4> known = {"max=", "inactive=", "valid=", "off"};
    bool has_max = false;
    bool is_off = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view word = directive[i];
        const std::string_view value = word.substr(std::min(word.size(), word.find('=') + 1));
        const bool is_time = word.starts_with("inactive=") || word.starts_with("valid=");
        const bool is_max = word.starts_with("max=");
        has_max = has_max || is_max;
        is_off = is_off || c_string(word) == "off";
        const bool valid = is_max    ? parse_number(value).value_or(0) > 0
                           : is_time ? parse_time(value, TimeUnit::seconds).has_value()
                                     : c_string(word) == "off";
        if (!valid) {
            upstream::report_parameter(directive, i, known);
            return;
        }
    }
    if (!is_off && !has_max) {
        directive.emerg(0, fmt::format("\"{}\" must have the \"max\" parameter", directive.name()),
                        Cause::missing);
    }
}

void hide_header(Directive& directive) {
    add_name(directive, &UpstreamSettings::hide_headers);
}

void pass_header(Directive& directive) {
    add_name(directive, &UpstreamSettings::pass_headers);
}

void headers_hash_max_size(Directive& directive) {
    number(directive, &UpstreamSettings::headers_hash_max_size);
}

void headers_hash_bucket_size(Directive& directive) {
    number(directive, &UpstreamSettings::headers_hash_bucket_size);
}

void set_value(Directive& directive) {
    add_value(directive, of(directive).values, 2);
}

void param(Directive& directive) {
    if (upstream::param_slot(directive)) {
        set_value(directive);
    }
}

void set_body(Directive& directive) {
    if (slot::string(directive)) {
        add_value(directive, of(directive).body, 1);
    }
}

} // namespace upstream_lint::upstream_conf
