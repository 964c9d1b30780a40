#include "config/ascii.hpp"
#include "config/hash.hpp"
#include "config/inherit.hpp"
#include "config/modules/ngx_http_upstream_conf.hpp"
#include "config/script.hpp"

#include <algorithm>
#include <fmt/format.h>

/// What src/http/modules/ngx_http_{proxy,fastcgi,uwsgi,scgi,grpc,memcached}_module.c do alike at
/// the end of `http`.
namespace upstream_lint::upstream_conf {

namespace {

constexpr std::int64_t default_buffer_size = page_size;
constexpr slot::Buffers default_buffers = {8, page_size};
constexpr std::int64_t default_max_temp_file_size = std::int64_t{1024} * 1024 * 1024;
constexpr std::int64_t default_hash_max_size = 512;
constexpr std::int64_t default_hash_bucket_size = 64;

const UpstreamSettings& settings_of(const UpstreamConf& conf) {
    static const UpstreamSettings none;
    return conf.settings != nullptr ? *conf.settings : none;
}

std::string_view name_of(Cycle& cycle, WordId value) {
    return cycle.value(WordId{value.statement, value.word - 1});
}

/// The sizes that go together, with nginx's defaults for what is not given.
struct BufferSizes {
    std::int64_t least; ///< the larger one of the two kinds of buffers
    std::int64_t all_but_one;
    std::int64_t busy;
    std::int64_t temp_file_write;
    std::int64_t max_temp_file;
};

template <typename T> T value_or(const Setting<T>& setting, T otherwise) {
    return setting ? setting->value : otherwise;
}

BufferSizes sizes_of(const UpstreamSettings& conf) {
    const slot::Buffers buffers = value_or(conf.buffers, default_buffers);
    const std::int64_t least =
        std::max(value_or(conf.buffer_size, default_buffer_size), buffers.size);
    return {.least = least,
            .all_but_one = (buffers.number - 1) * buffers.size,
            .busy = value_or(conf.busy_buffers_size, 2 * least),
            .temp_file_write = value_or(conf.temp_file_write_size, 2 * least),
            .max_temp_file = value_or(conf.max_temp_file_size, default_max_temp_file_size)};
}

/// The first of these that has been given.
Place first_place(std::initializer_list<Place> places) {
    const auto found =
        std::ranges::find_if(places, [](const Place& place) { return !place.is_none(); });
    return found == places.end() ? Place{} : *found;
}

template <typename T> Place place_of(const Setting<T>& setting) {
    return setting ? setting->place : Place{};
}

void report_sizes(Cycle& cycle, const UpstreamSettings& conf, std::string message,
                  const Place& shown, const Place& brace) {
    Diagnostic& diagnostic =
        cycle.report_later(Level::emerg, std::move(message),
                           first_place({shown, place_of(conf.buffer_size), place_of(conf.buffers)}),
                           brace, Cause::conflict);
    for (const Place& other : {place_of(conf.buffer_size), place_of(conf.buffers)}) {
        if (!other.is_none() && other.span != diagnostic.span) {
            diagnostic.label(other, "the size of the buffers");
        }
    }
    diagnostic.notes.emplace_back("nginx finds this at the closing brace of `http`");
}

bool check_buffers(std::string_view module, Cycle& cycle, const UpstreamSettings& conf,
                   const Place& brace) {
    if (conf.buffers && conf.buffers->value.number < 2) {
        report_sizes(cycle, conf, fmt::format("there must be at least 2 \"{}_buffers\"", module),
                     conf.buffers->place, brace);
        return false;
    }
    const BufferSizes sizes = sizes_of(conf);
    const std::string maximum = fmt::format(
        "must be equal to or greater than the maximum of the value of \"{0}_buffer_size\" and one "
        "of the \"{0}_buffers\"",
        module);
    if (sizes.busy < sizes.least) {
        report_sizes(cycle, conf, fmt::format("\"{}_busy_buffers_size\" {}", module, maximum),
                     place_of(conf.busy_buffers_size), brace);
        return false;
    }
    if (sizes.busy > sizes.all_but_one) {
        report_sizes(cycle, conf,
                     fmt::format("\"{0}_busy_buffers_size\" must be less than the size of all "
                                 "\"{0}_buffers\" minus one buffer",
                                 module),
                     place_of(conf.busy_buffers_size), brace);
        return false;
    }
    if (sizes.temp_file_write < sizes.least) {
        report_sizes(cycle, conf, fmt::format("\"{}_temp_file_write_size\" {}", module, maximum),
                     place_of(conf.temp_file_write_size), brace);
        return false;
    }
    if (sizes.max_temp_file != 0 && sizes.max_temp_file < sizes.least) {
        report_sizes(cycle, conf,
                     fmt::format("\"{}_max_temp_file_size\" must be equal to zero to disable "
                                 "temporary files usage or {}",
                                 module, maximum),
                     place_of(conf.max_temp_file_size), brace);
        return false;
    }
    return true;
}

bool has_buffer_settings(const UpstreamSettings& conf) {
    return conf.buffer_size || conf.buffers || conf.busy_buffers_size ||
           conf.temp_file_write_size || conf.max_temp_file_size;
}

void inherit_settings(UpstreamConf& child, const UpstreamConf& parent) {
    inherit(child.values, parent.values);
    inherit(child.body, parent.body);
    if (child.settings == nullptr) {
        child.settings = parent.settings;
        return;
    }
    UpstreamSettings& conf = *child.settings;
    const UpstreamSettings& around = settings_of(parent);
    inherit(conf.buffer_size, around.buffer_size);
    inherit(conf.buffers, around.buffers);
    inherit(conf.busy_buffers_size, around.busy_buffers_size);
    inherit(conf.temp_file_write_size, around.temp_file_write_size);
    inherit(conf.max_temp_file_size, around.max_temp_file_size);
    inherit(conf.ssl, around.ssl);
    inherit(conf.ssl_certificate, around.ssl_certificate);
    inherit(conf.ssl_certificate_key, around.ssl_certificate_key);
    inherit(conf.ssl_verify, around.ssl_verify);
    inherit(conf.ssl_trusted_certificate, around.ssl_trusted_certificate);
    inherit(conf.headers_hash_max_size, around.headers_hash_max_size);
    inherit(conf.headers_hash_bucket_size, around.headers_hash_bucket_size);
    if (conf.cache_key.is_none()) {
        conf.cache_key = around.cache_key;
    }
    if (conf.store && conf.store->value) {
        conf.cache = Given<bool>{false, conf.store->place};
    }
    if (!conf.cache) {
        conf.cache = around.cache;
        conf.cache_zone = around.cache_zone;
    }
}

bool check_cache_zone(std::string_view module, Cycle& cycle, const UpstreamSettings& conf,
                      const Place& brace) {
    if (conf.cache_zone == nullptr || !conf.cache_zone->data.empty() || cycle.is_partial()) {
        return true;
    }
    Diagnostic& diagnostic = cycle.report_later(
        Level::emerg,
        fmt::format("\"{}_cache\" zone \"{}\" is unknown", module, conf.cache_zone->name),
        place_of(conf.cache), brace, Cause::reference);
    diagnostic.notes.push_back(
        fmt::format("a zone is made by the `keys_zone` of a `{}_cache_path`", module));
    suggest_zones(cycle, *conf.cache_zone, diagnostic);
    conf.cache_zone->is_told = true;
    return false;
}

bool caches(const UpstreamSettings& conf) {
    return conf.cache && conf.cache->value;
}

void check_cache_key(std::string_view module, Cycle& cycle, const UpstreamSettings& conf,
                     const Place& brace) {
    if (caches(conf) && conf.cache_key.is_none() && !cycle.is_partial()) {
        cycle.report_later(Level::warn,
                           fmt::format("no \"{0}_cache_key\" for \"{0}_cache\"", module),
                           conf.cache->place, brace, Cause::missing);
    }
}

/// ngx_http_proxy_set_ssl and its like, as far as no file is read.
bool check_ssl(std::string_view module, Cycle& cycle, const UpstreamConf& location) {
    const UpstreamSettings& conf = settings_of(location);
    const bool uses_ssl = location.pass_uses_ssl || (conf.ssl && conf.ssl->value);
    if (!uses_ssl || cycle.is_partial()) {
        return true;
    }
    const bool empty_counts = !cycle.before(1, 21, 0) && cycle.before(1, 23, 0);
    const bool certified =
        conf.ssl_certificate && (empty_counts || !conf.ssl_certificate->value.empty());
    const bool has_key = conf.ssl_certificate_key &&
                         (!cycle.before(1, 21, 0) || !conf.ssl_certificate_key->value.empty());
    if (certified && !has_key) {
        cycle.report_without_place(
            Level::emerg,
            fmt::format("no \"{}_ssl_certificate_key\" is defined for certificate \"{}\"", module,
                        conf.ssl_certificate->value),
            conf.ssl_certificate->place, Cause::missing);
        return false;
    }
    const bool trusts =
        conf.ssl_trusted_certificate && !conf.ssl_trusted_certificate->value.empty();
    if (conf.ssl_verify && conf.ssl_verify->value && !trusts) {
        cycle.report_without_place(
            Level::emerg, fmt::format("no {0}_ssl_trusted_certificate for {0}_ssl_verify", module),
            conf.ssl_verify->place, Cause::missing);
        return false;
    }
    return true;
}

HashPlan plan_of(const UpstreamSettings& conf, std::string_view name, const Place& shown) {
    return {.name = name,
            .max_size = value_or(conf.headers_hash_max_size, default_hash_max_size),
            .bucket_size = align_to_cache_line(
                value_or(conf.headers_hash_bucket_size, default_hash_bucket_size)),
            .shown = shown};
}

bool build_hidden_headers(const UpstreamModule& module, Cycle& cycle,
                          const UpstreamSettings& conf) {
    std::vector<std::string_view> names(module.hidden_headers.begin(), module.hidden_headers.end());
    const auto position = [&names](std::string_view name) {
        return std::ranges::find_if(
            names, [name](std::string_view each) { return equal_ignoring_case(each, name); });
    };
    if (conf.hide_headers != nullptr) {
        for (const std::string_view name : *conf.hide_headers) {
            if (position(name) == names.end()) {
                names.push_back(name);
            }
        }
    }
    HashPlan plan = plan_of(conf, module.hide_hash, conf.hide_headers_place);
    if (conf.pass_headers != nullptr) {
        for (const std::string_view name : *conf.pass_headers) {
            if (const auto found = position(name); found != names.end()) {
                names.erase(found);
                ++plan.removed;
            }
        }
    }
    return build_hash(cycle, plan, names);
}

/// Gives a block that has headers of its own those of the block around.
void inherit_headers(UpstreamSettings& conf, const UpstreamSettings& around) {
    inherit(conf.hide_headers, around.hide_headers);
    inherit(conf.pass_headers, around.pass_headers);
    if (conf.hide_headers_place.is_none()) {
        conf.hide_headers_place = around.hide_headers_place;
    }
}

/// ngx_http_upstream_hide_headers_hash
bool check_hidden_headers(const UpstreamModule& module, Cycle& cycle, UpstreamConf& child,
                          UpstreamConf& parent) {
    const UpstreamSettings& conf = settings_of(child);
    const UpstreamSettings& around = settings_of(parent);
    const bool inherits_all =
        &conf == &around || (conf.hide_headers == nullptr && conf.pass_headers == nullptr);
    if (&conf != &around) {
        inherit_headers(*child.settings, around);
    }
    const bool has_limits =
        around.headers_hash_max_size.has_value() || around.headers_hash_bucket_size.has_value();
    if (conf.hide_headers == nullptr && conf.pass_headers == nullptr && !has_limits) {
        return true;
    }
    if (inherits_all && parent.has_hide_hash) {
        child.has_hide_hash = true;
        return true;
    }
    if (!build_hidden_headers(module, cycle, conf)) {
        return false;
    }
    child.has_hide_hash = true;
    if (conf.hide_headers == around.hide_headers && conf.pass_headers == around.pass_headers) {
        parent.has_hide_hash = true;
    }
    return true;
}

constexpr std::string_view header_parameter = "HTTP_";

bool is_header_parameter(std::string_view name) {
    return name.size() > header_parameter.size() && name.starts_with(header_parameter);
}

bool compile_values(const UpstreamModule& module, Cycle& cycle, Scope& scope,
                    const NamedValues& values, const Place& brace) {
    return std::ranges::all_of(values.values, [&](WordId word) {
        const std::string_view value = cycle.value(word);
        const bool is_left_out =
            value.empty() && (!module.has_parameters || is_header_parameter(name_of(cycle, word)));
        return is_left_out || script::compile(cycle, scope, value, cycle.place(word), brace).valid;
    });
}

/// The names of the headers with what nginx adds of its own.
std::vector<std::string_view> value_keys(const UpstreamModule& module, Cycle& cycle,
                                         const NamedValues& values,
                                         std::span<const std::string_view> defaults) {
    std::vector<std::string_view> names;
    for (const WordId value : values.values) {
        names.push_back(name_of(cycle, value));
    }
    const std::size_t given = names.size();
    for (const std::string_view name : defaults) {
        const auto end = names.begin() + static_cast<std::ptrdiff_t>(given);
        if (std::none_of(names.begin(), end, [name](std::string_view each) {
                return equal_ignoring_case(each, name);
            })) {
            names.push_back(name);
        }
    }
    std::vector<std::string_view> keys;
    for (const std::string_view name : names) {
        if (!module.has_parameters) {
            keys.push_back(name);
        } else if (is_header_parameter(name)) {
            keys.push_back(name.substr(header_parameter.size()));
        }
    }
    return keys;
}

/// The first server without headers of its own builds those that nginx adds, and all others that
/// have none take them over.
bool build_default_values(const UpstreamModule& module, Cycle& cycle, const Scope& server,
                          const UpstreamConf& conf) {
    const UpstreamSettings& settings = settings_of(conf);
    const auto& size = settings.headers_hash_bucket_size ? settings.headers_hash_bucket_size
                                                         : settings.headers_hash_max_size;
    if (!size || module.has_parameters || server.parent() != server.protocol_block()) {
        return true;
    }
    for (const Scope* at = server.parent()->first_child(); at != &server; at = at->next_sibling()) {
        const UpstreamConf* const other = find(*at, module.module);
        if (at->context() == Context::server && (other == nullptr || other->values == nullptr)) {
            return true;
        }
    }
    return build_hash(cycle, plan_of(settings, module.values_hash, size->place),
                      module.default_values);
}

/// ngx_http_proxy_init_headers, ngx_http_fastcgi_init_params and their like. The values of `http`
/// are compiled when the first server inherits them, and then no more.
bool check_values(const UpstreamModule& module, Cycle& cycle, Scope& scope,
                  const UpstreamConf& conf, const Place& brace) {
    if (conf.values == nullptr) {
        return build_default_values(module, cycle, scope, conf);
    }
    NamedValues& values = *conf.values;
    const HashPlan plan =
        plan_of(settings_of(conf), module.values_hash, cycle.place(values.values.front()));
    if (!values.is_compiled) {
        values.is_compiled = true;
        if (!compile_values(module, cycle, scope, values, brace) ||
            !build_hash(cycle, plan, value_keys(module, cycle, values, module.default_values))) {
            return false;
        }
    }
    if (values.is_compiled_for_cache || !caches(settings_of(conf))) {
        return true;
    }
    values.is_compiled_for_cache = true;
    return build_hash(cycle, plan, value_keys(module, cycle, values, module.default_cache_values));
}

bool check_body(Cycle& cycle, Scope& scope, const UpstreamConf& conf, const Place& brace) {
    if (conf.body == nullptr || conf.body->is_compiled) {
        return true;
    }
    conf.body->is_compiled = true;
    const WordId body = conf.body->values.front();
    return script::compile(cycle, scope, cycle.value(body), cycle.place(body), brace).valid;
}

/// Checks what a block has been given and inherits.
void check(const UpstreamModule& module, Cycle& cycle, Scope& scope, UpstreamConf& conf,
           UpstreamConf& around, const Place& brace) {
    const bool own_buffers = has_buffer_settings(settings_of(conf));
    const bool own_cache = settings_of(conf).cache.has_value();
    inherit_settings(conf, around);
    const UpstreamSettings& settings = settings_of(conf);
    const bool buffers_due = module.has_buffers && (own_buffers || !around.buffers_are_checked);
    around.buffers_are_checked = around.buffers_are_checked || !own_buffers;
    conf.buffers_are_checked = true;
    if (buffers_due && !check_buffers(module.name, cycle, settings, brace)) {
        return;
    }
    const bool cache_due = own_cache || !around.cache_is_checked;
    around.cache_is_checked = around.cache_is_checked || !own_cache;
    conf.cache_is_checked = true;
    if (cache_due && !check_cache_zone(module.name, cycle, settings, brace)) {
        return;
    }
    if (module.warns_of_cache_key) {
        check_cache_key(module.name, cycle, settings, brace);
    }
    if (module.has_ssl && !check_ssl(module.name, cycle, conf)) {
        return;
    }
    if (!module.hide_hash.empty() && !check_hidden_headers(module, cycle, conf, around)) {
        return;
    }
    if (check_body(cycle, scope, conf, brace)) {
        check_values(module, cycle, scope, conf, brace);
    }
}

} // namespace

void merge(const UpstreamModule& module, Cycle& cycle, Scope& parent, Scope& child,
           const Place& brace) {
    UpstreamConf* const around = effective(cycle, parent, module.module);
    UpstreamConf* const own = find(child, module.module);
    if (own != nullptr) {
        UpstreamConf none;
        check(module, cycle, child, *own, around != nullptr ? *around : none, brace);
        return;
    }
    if (around == nullptr) {
        return;
    }
    if (find(parent, module.module) != nullptr && &parent == parent.protocol_block()) {
        UpstreamConf inherited;
        check(module, cycle, child, inherited, *around, brace);
    } else if (module.warns_of_cache_key) {
        check_cache_key(module.name, cycle, settings_of(*around), brace);
    }
}

} // namespace upstream_lint::upstream_conf
