#include "config/ascii.hpp"
#include "config/http_core.hpp"
#include "config/http_location.hpp"
#include "config/http_server.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/resolver.hpp"
#include "config/script.hpp"
#include "config/slots.hpp"
#include "config/thread_pool.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_map>

/// src/http/ngx_http_core_module.c
namespace upstream_lint {

namespace {

constexpr std::int64_t least_pool_size = 112;
constexpr std::int64_t pool_alignment = 16;
constexpr std::int64_t default_pool_size = 512;
constexpr std::int64_t default_large_buffer = 8192;
constexpr std::int64_t default_types_max_size = 1024;

/// `types`, and the sizes of their table. Kept by the block around `types`.
struct HttpTypes {
    struct Type {
        std::string_view content_type;
        Place place;
    };

    HashSizes sizes;
    Place place; ///< of the first `types`
    std::vector<std::string_view> extensions;
    std::unordered_map<std::string_view, Type> types;
    bool is_given = false;
    bool is_built = false;
};

/// Which of `root` and `alias` stands in a block.
struct Root {
    bool is_alias = false;
    Place place;
};

/// ngx_http_core_pool_size
std::optional<std::int64_t> pool_size(Directive& directive) {
    const auto size = slot::size(directive);
    if (size && *size < least_pool_size) {
        directive.emerg(1, fmt::format("the pool size must be no less than {}", least_pool_size));
        return std::nullopt;
    }
    if (size && *size % pool_alignment != 0) {
        directive.emerg(1, fmt::format("the pool size must be a multiple of {}", pool_alignment));
        return std::nullopt;
    }
    return size;
}

void connection_pool_size(Directive& directive) {
    if (const auto size = pool_size(directive)) {
        directive.scope().conf<HttpCoreServer>().connection_pool_size = {*size, directive.place()};
    }
}

void large_client_header_buffers(Directive& directive) {
    if (const auto buffers = slot::buffers(directive)) {
        directive.scope().conf<HttpCoreServer>().large_client_header_buffers = {buffers->size,
                                                                                directive.place()};
    }
}

/// ngx_http_core_lowat_check: Linux has no such option.
void send_lowat(Directive& directive) {
    if (slot::size(directive)) {
        directive.warn(0, "\"send_lowat\" is not supported, ignored");
    }
}

/// ngx_http_core_server
void server(Directive& directive) {
    directive.set_end_handler(add_default_listen);
}

/// ngx_http_core_type. The array is searched by the text up to a NUL byte.
void type(Directive& line) {
    auto& types = line.scope().parent()->conf<HttpTypes>();
    for (std::size_t i = 1; i <= line.size(); ++i) {
        const std::string_view extension = line.cycle().keep(lower(line[i]));
        const auto [known, is_new] =
            types.types.try_emplace(c_string(extension), HttpTypes::Type{line[0], line.place(i)});
        if (is_new) {
            types.extensions.push_back(extension);
            continue;
        }
        line.warn(i, fmt::format("duplicate extension \"{}\", content type: \"{}\", previous "
                                 "content type: \"{}\"",
                                 extension, line[0], known->second.content_type))
            .label(known->second.place, "first here");
        known->second = {line[0], line.place(i)};
    }
}

/// ngx_http_core_types
void types(Directive& directive) {
    auto& types = directive.scope().conf<HttpTypes>();
    if (!types.is_given) {
        types.is_given = true;
        types.place = directive.place();
    }
    directive.set_line_handler(type);
}

bool names_variable(std::string_view text, std::string_view name) {
    return text.find(fmt::format("${}", name)) != std::string_view::npos ||
           text.find(fmt::format("${{{}}}", name)) != std::string_view::npos;
}

/// nginx tells an alias by the length of its location's name.
bool counts_as_alias(Directive& directive) {
    const LocationWords* const location = location_of(directive.scope());
    return location == nullptr || location->kind == LocationWords::Kind::regex ||
           !location->name.empty();
}

bool is_root_duplicate(Directive& directive, bool alias) {
    const Root* const before = directive.scope().find<Root>();
    if (before == nullptr) {
        return false;
    }
    Diagnostic& diagnostic =
        before->is_alias == alias
            ? directive.error("is duplicate", Cause::duplicate)
            : directive.emerg(0,
                              fmt::format("\"{}\" directive is duplicate, \"{}\" directive was "
                                          "specified earlier",
                                          directive.row().name,
                                          before->is_alias ? "alias" : "root"),
                              Cause::duplicate);
    diagnostic.label(before->place, "first here");
    return true;
}

/// ngx_http_core_root
void root(Directive& directive) {
    const bool alias = directive.row().name == "alias";
    if (is_root_duplicate(directive, alias)) {
        return;
    }
    const LocationWords* const location = location_of(directive.scope());
    if (alias && location != nullptr && location->kind == LocationWords::Kind::named) {
        directive.emerg(0, "the \"alias\" directive cannot be used inside the named location",
                        Cause::conflict);
        return;
    }
    for (const std::string_view variable : {"document_root", "realpath_root"}) {
        if (names_variable(c_string(directive[1]), variable)) {
            directive.emerg(1,
                            fmt::format("the ${} variable cannot be used in the \"{}\" directive",
                                        variable, directive.row().name),
                            Cause::variable);
            return;
        }
    }
    directive.scope().conf<Root>() = {alias && counts_as_alias(directive), directive.place()};
    std::string_view path = directive[1];
    if (!alias && path.ends_with('/')) {
        path.remove_suffix(1);
    }
    (void)script::compile(directive, 1, path);
}

/// ngx_http_core_limit_except
void limit_except(Directive& directive) {
    constexpr std::array<std::string_view, 14> methods = {
        "GET",  "HEAD",    "POST",     "PUT",       "DELETE", "MKCOL",  "COPY",
        "MOVE", "OPTIONS", "PROPFIND", "PROPPATCH", "LOCK",   "UNLOCK", "PATCH"};
    if (directive.is_duplicate()) {
        return;
    }
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = c_string(directive[i]);
        const bool is_method = std::ranges::any_of(
            methods, [&](std::string_view method) { return equal_ignoring_case(method, value); });
        if (!is_method) {
            directive.emerg(i, fmt::format("invalid method \"{}\"", directive[i]));
            return;
        }
    }
}

/// ngx_http_core_set_aio
void aio(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    const std::string_view value = c_string(directive[1]);
    if (value == "on" && !directive.cycle().build().file_aio) {
        directive.emerg(1, "\"aio on\" is unsupported on this platform")
            .notes.emplace_back("this nginx was built without `--with-file-aio`");
    }
    if (value == "off" || value == "on") {
        return;
    }
    if (value != "threads" && !value.starts_with("threads=")) {
        directive.error(1, "invalid value");
        return;
    }
    const std::string_view pool =
        value == "threads" ? "default" : directive[1].substr(std::string_view("threads=").size());
    const script::Value name = script::compile(directive, 1, pool);
    if (name.valid && name.constant) {
        add_thread_pool(directive, 1, pool);
    }
}

/// ngx_http_core_directio
void directio(Directive& directive) {
    if (!directive.is_duplicate() && c_string(directive[1]) != "off" &&
        !parse_offset(directive[1])) {
        directive.error(1, "invalid value");
    }
}

bool is_status(Directive& directive, std::size_t word) {
    const auto status = parse_number(directive[word]);
    if (!status || *status == 499) {
        directive.emerg(word, fmt::format("invalid value \"{}\"", directive[word]));
        return false;
    }
    if (*status < 300 || *status > 599) {
        directive.emerg(word,
                        fmt::format("value \"{}\" must be between 300 and 599", directive[word]));
        return false;
    }
    return true;
}

/// ngx_http_core_error_page
void error_page(Directive& directive) {
    std::size_t last_status = directive.size() - 1;
    const std::string_view overwrite = directive[last_status];
    if (overwrite.starts_with('=')) {
        if (last_status == 1 || (overwrite.size() > 1 && !parse_number(overwrite.substr(1)))) {
            directive.emerg(last_status, fmt::format("invalid value \"{}\"", overwrite));
            return;
        }
        --last_status;
    }
    if (!script::compile(directive, directive.size()).valid) {
        return;
    }
    for (std::size_t i = 1; i <= last_status; ++i) {
        if (!is_status(directive, i)) {
            return;
        }
    }
}

/// ngx_http_core_open_file_cache
void open_file_cache(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    bool has_max = false;
    bool is_off = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = directive[i];
        const auto max = behind(value, "max=");
        const auto inactive = behind(value, "inactive=");
        const bool off = c_string(value) == "off";
        const bool valid = max ? parse_number(*max).value_or(0) > 0
                               : off || (inactive && parse_time(*inactive, TimeUnit::seconds));
        if (!valid) {
            directive.emerg(
                i, fmt::format("invalid \"open_file_cache\" parameter \"{}\"", directive[i]));
            return;
        }
        has_max = has_max || max.has_value();
        is_off = is_off || off;
    }
    if (!has_max && !is_off) {
        directive.emerg(0, "\"open_file_cache\" must have the \"max\" parameter");
    }
}

/// ngx_http_core_keepalive
void keepalive_timeout(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    if (!parse_time(directive[1], TimeUnit::milliseconds)) {
        directive.error(1, "invalid value");
    } else if (directive.size() == 2 && !parse_time(directive[2], TimeUnit::seconds)) {
        directive.error(2, "invalid value");
    }
}

/// ngx_http_core_internal
void internal(Directive& directive) {
    (void)directive.is_duplicate();
}

/// ngx_http_gzip_disable
void gzip_disable(Directive& directive) {
    const auto degradation = find_module("ngx_http_degradation");
    const bool degrades = degradation && directive.cycle().build().modules.contains(*degradation);
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = c_string(directive[i]);
        if (value == "msie6" || (value == "degradation" && degrades)) {
            continue;
        }
        if (!script::compile_regex(directive, i, directive[i], Case::insensitive, false)) {
            return;
        }
    }
}

/// ngx_http_disable_symlinks
void disable_symlinks(Directive& directive) {
    if (directive.is_duplicate()) {
        return;
    }
    std::string_view mode;
    bool has_from = false;
    for (std::size_t i = 1; i <= directive.size(); ++i) {
        const std::string_view value = c_string(directive[i]);
        if (value == "off" || value == "if_not_owner" || value == "on") {
            mode = value;
            continue;
        }
        if (!value.starts_with("from=")) {
            directive.emerg(i, fmt::format("invalid parameter \"{}\"", directive[i]));
            return;
        }
        if (!script::compile(directive, i, directive[i].substr(5)).valid) {
            return;
        }
        has_from = true;
    }
    if (mode.empty()) {
        directive.emerg(0, "\"disable_symlinks\" must have \"off\", \"on\" or \"if_not_owner\" "
                           "parameter");
    } else if (directive.size() == 2 && !has_from) {
        directive.emerg(2,
                        fmt::format("duplicate parameters \"{} {}\"", directive[1], directive[2]));
    } else if (directive.size() == 2 && mode == "off") {
        directive.emerg(1, "\"from=\" cannot be used with \"off\" parameter", Cause::conflict);
    }
}

const HttpCoreServer* core_of(const Scope& scope) {
    return scope.find<HttpCoreServer>();
}

using KeptSize = std::optional<HttpCoreServer::Size>;

/// A server's own, else the one of `http`, else none.
KeptSize inherited(const Scope& http, const Scope& server, KeptSize HttpCoreServer::*size) {
    for (const Scope* const scope : {&server, &http}) {
        const HttpCoreServer* const core = core_of(*scope);
        if (core != nullptr && core->*size) {
            return core->*size;
        }
    }
    return std::nullopt;
}

/// ngx_http_core_merge_srv_conf
void merge_server(Cycle& cycle, Scope& http, Scope& server, const Place& brace) {
    const KeptSize pool = inherited(http, server, &HttpCoreServer::connection_pool_size);
    const KeptSize buffers = inherited(http, server, &HttpCoreServer::large_client_header_buffers);
    const std::int64_t pool_bytes = pool ? pool->bytes : default_pool_size;
    const std::int64_t buffer_bytes = buffers ? buffers->bytes : default_large_buffer;
    if (buffer_bytes >= pool_bytes) {
        return;
    }
    Diagnostic& diagnostic = cycle.report_later(
        Level::emerg,
        "the \"large_client_header_buffers\" size must be equal to or greater than "
        "\"connection_pool_size\"",
        buffers ? buffers->place : pool->place, brace, Cause::conflict);
    diagnostic.notes.push_back(fmt::format("{} is less than {}", buffer_bytes, pool_bytes));
    if (buffers && pool) {
        diagnostic.label(pool->place, "the pool's size");
    }
}

/// Of the nearest block that keeps types.
std::int64_t types_size(const Scope& scope, std::optional<std::int64_t> HashSizes::*size,
                        std::int64_t otherwise) {
    for (const Scope* each = &scope; each != nullptr; each = each->parent()) {
        const auto* const types = each->find<HttpTypes>();
        if (types != nullptr && types->sizes.*size) {
            return *(types->sizes.*size);
        }
    }
    return otherwise;
}

/// Blocks are merged from the outermost on, and may nest without a bound: what was found out for
/// one is kept there.
void inherit_types_sizes(const Scope& parent, HttpTypes& types) {
    auto& [max_size, bucket_size] = types.sizes;
    if (!max_size) {
        max_size = types_size(parent, &HashSizes::max_size, default_types_max_size);
    }
    if (!bucket_size) {
        bucket_size = types_size(parent, &HashSizes::bucket_size, cache_line);
    }
}

HashPlan types_plan(const Scope& scope, const Place& shown) {
    return {.name = "types_hash",
            .max_size = types_size(scope, &HashSizes::max_size, default_types_max_size),
            .bucket_size =
                align_to_cache_line(types_size(scope, &HashSizes::bucket_size, cache_line)),
            .shown = shown};
}

/// Builds the types of a block, with the sizes of another.
void build_types(Cycle& cycle, const Scope& sizes, HttpTypes* types) {
    if (types != nullptr && types->is_given && !types->is_built) {
        types->is_built = true;
        (void)build_hash(cycle, types_plan(sizes, types->place), types->extensions);
    }
}

/// ngx_http_core_merge_loc_conf: the table of `http` is built for its first server, with the sizes
/// of that.
void merge_location(Cycle& cycle, Scope& parent, Scope& child, const Place& /*brace*/) {
    constexpr std::array<std::string_view, 3> defaults = {"html", "gif", "jpg"};
    if (cycle.is_partial()) {
        return;
    }
    auto* const outer = parent.find<HttpTypes>();
    auto* const own = child.find<HttpTypes>();
    if (own != nullptr) {
        inherit_types_sizes(parent, *own);
    }
    build_types(cycle, child, outer);
    build_types(cycle, child, own);
    const auto is_given = [](const HttpTypes* types) {
        return types != nullptr && types->is_given;
    };
    if (child.context() == Context::server && !is_given(outer) && !is_given(own)) {
        (void)build_hash(cycle, types_plan(child, cycle.place(child)), defaults);
    }
}

constexpr auto max_size = &HashSizes::max_size;
constexpr auto bucket_size = &HashSizes::bucket_size;

constexpr std::array<DirectiveSetter, 27> setters = {{
    {"aio", aio},
    {"alias", root},
    {"connection_pool_size", connection_pool_size},
    {"directio", directio},
    {"disable_symlinks", disable_symlinks},
    {"error_page", error_page},
    {"gzip_disable", gzip_disable},
    {"internal", internal},
    {"keepalive_timeout", keepalive_timeout},
    {"large_client_header_buffers", large_client_header_buffers},
    {"limit_except", limit_except},
    {"listen", set_listen},
    {"location", set_location},
    {"open_file_cache", open_file_cache},
    {"request_pool_size", [](Directive& d) { (void)pool_size(d); }},
    {"resolver", set_resolver},
    {"root", root},
    {"send_lowat", send_lowat},
    {"server", server},
    {"server_name", set_server_name},
    {"server_names_hash_bucket_size",
     hash_size<HttpCoreMain, &HttpCoreMain::server_names, bucket_size>},
    {"server_names_hash_max_size", hash_size<HttpCoreMain, &HttpCoreMain::server_names, max_size>},
    {"types", types},
    {"types_hash_bucket_size", hash_size<HttpTypes, &HttpTypes::sizes, bucket_size>},
    {"types_hash_max_size", hash_size<HttpTypes, &HttpTypes::sizes, max_size>},
    {"variables_hash_bucket_size", hash_size<HttpCoreMain, &HttpCoreMain::variables, bucket_size>},
    {"variables_hash_max_size", hash_size<HttpCoreMain, &HttpCoreMain::variables, max_size>},
}};

} // namespace

const ModuleSetters ngx_http_core_module = {"ngx_http_core",
                                            setters,
                                            {.merge_server = merge_server,
                                             .merge_location = merge_location,
                                             .init_locations = init_locations,
                                             .optimize_servers = optimize_servers}};

} // namespace upstream_lint
