#include "upstream_lint/nginx_build.hpp"

#include "config/ascii.hpp"
#include "config/directive_table.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace upstream_lint {
namespace {

constexpr std::string_view module_suffix = "_module";
constexpr std::string_view arguments_marker = "configure arguments:";

std::string_view without_module_suffix(std::string_view name) noexcept {
    if (name.size() > module_suffix.size() && name.ends_with(module_suffix))
        name.remove_suffix(module_suffix.size());
    return name;
}

/// The module's name in nginx's own list, which two projects may share.
std::string_view shared_name(std::string_view name) noexcept {
    return name.substr(0, name.find('@'));
}

template <class Function>
void for_each_part(std::string_view list, char separator, const Function& function) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        function(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
}

ModuleId id_of(std::size_t index) noexcept {
    return ModuleId{static_cast<std::uint16_t>(index)};
}

template <class Predicate> ModuleSet modules_where(const Predicate& predicate) {
    ModuleSet set;
    const auto rows = module_rows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (predicate(rows[i]))
            set.insert(id_of(i));
    return set;
}

ModuleSet intersection(const ModuleSet& left, const ModuleSet& right) {
    ModuleSet set;
    for (std::size_t i = 0; i < module_rows().size(); ++i)
        if (left.contains(id_of(i)) && right.contains(id_of(i)))
            set.insert(id_of(i));
    return set;
}

// ----- configure arguments ------------------------------------------------------------------

/// What was given to nginx's configure script (auto/options). Views into the argument text.
struct Options {
    struct Option {
        std::string_view name; ///< without `--`, up to `=`
        bool dynamic = false;  ///< `=dynamic`
    };

    std::vector<Option> given; ///< sorted by name
    std::vector<std::string_view> add_module;
    std::optional<std::string> prefix;
    std::optional<std::string> conf_path;
    TempPaths temp_paths{"client_body_temp", "proxy_temp", "fastcgi_temp", "uwsgi_temp",
                         "scgi_temp"};

    [[nodiscard]] const Option* find(std::string_view name) const noexcept {
        const auto at = std::lower_bound(
            given.begin(), given.end(), name,
            [](const Option& option, std::string_view n) { return option.name < n; });
        return at != given.end() && at->name == name ? &*at : nullptr;
    }
};

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r';
}

/// Cuts the next option off the front. The configure script puts single quotes around values with
/// spaces, and only there.
std::string_view take_argument(std::string_view& text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    std::size_t end = 0;
    for (bool quoted = false; end < text.size() && (quoted || !is_space(text[end])); ++end)
        if (text[end] == '\'')
            quoted = !quoted;
    const std::string_view argument = text.substr(0, end);
    text.remove_prefix(end);
    return argument;
}

std::string_view unquoted(std::string_view value) noexcept {
    if (value.size() >= 2 && value.front() == '\'' && value.back() == '\'')
        return value.substr(1, value.size() - 2);
    return value;
}

/// The script takes an empty path for none. Null: the option is another one.
std::string* temp_path_of_option(TempPaths& paths, std::string_view name) {
    const std::array<std::pair<std::string_view, std::string*>, 5> all = {{
        {"http-client-body-temp-path", &paths.client_body},
        {"http-proxy-temp-path", &paths.proxy},
        {"http-fastcgi-temp-path", &paths.fastcgi},
        {"http-uwsgi-temp-path", &paths.uwsgi},
        {"http-scgi-temp-path", &paths.scgi},
    }};
    for (const auto& [option, path] : all)
        if (option == name)
            return path;
    return nullptr;
}

Options read_options(std::string_view text) {
    Options options;
    for (;;) {
        std::string_view argument = take_argument(text);
        if (argument.empty())
            break;
        if (!argument.starts_with("--"))
            continue;
        argument.remove_prefix(2);
        const std::size_t equals = std::min(argument.find('='), argument.size());
        const std::string_view name = argument.substr(0, equals);
        const std::string_view value =
            unquoted(argument.substr(std::min(equals + 1, argument.size())));
        if (name == "prefix")
            options.prefix = std::string(value);
        else if (name == "conf-path")
            options.conf_path = std::string(value);
        else if (std::string* const path = temp_path_of_option(options.temp_paths, name);
                 path != nullptr && !value.empty())
            *path = value;
        else if (name == "add-module")
            options.add_module.push_back(value);
        else
            options.given.push_back({name, value == "dynamic"});
    }
    // The script lets the last one of a name win.
    std::stable_sort(options.given.begin(), options.given.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
    std::reverse(options.given.begin(), options.given.end());
    const auto last = std::unique(options.given.begin(), options.given.end(),
                                  [](const auto& a, const auto& b) { return a.name == b.name; });
    options.given.erase(last, options.given.end());
    std::reverse(options.given.begin(), options.given.end());
    return options;
}

enum class Presence : std::uint8_t { absent, loadable, built_in };

Presence presence(std::string_view alternative, const Options& options) {
    Presence result = Presence::built_in;
    for_each_part(alternative, '&', [&](std::string_view term) {
        const Options::Option* option = options.find(term);
        if (term.starts_with("without-")) {
            if (option != nullptr)
                result = Presence::absent;
        } else if (option == nullptr) {
            result = Presence::absent;
        } else if (option->dynamic && result == Presence::built_in) {
            result = Presence::loadable;
        }
    });
    return result;
}

Presence presence(const ModuleRow& row, const Options& options) {
    if (row.built.empty() || row.built == "plus")
        return Presence::absent;
    if (row.built == "always")
        return Presence::built_in;
    Presence best = Presence::absent;
    for_each_part(row.built, ',', [&](std::string_view alternative) {
        best = std::max(best, presence(alternative, options));
    });
    return best;
}

/// `ngx_lua-0.10.25` is unpacked from the release, `ngx_brotli-master` from a branch.
std::string_view without_release(std::string_view directory) noexcept {
    const std::size_t dash = directory.rfind('-');
    if (dash == std::string_view::npos || dash + 1 == directory.size())
        return directory;
    std::string_view release = directory.substr(dash + 1);
    if (release == "master" || release == "main")
        return directory.substr(0, dash);
    if (release.size() > 1 && release.front() == 'v')
        release.remove_prefix(1);
    return release.front() >= '0' && release.front() <= '9' ? directory.substr(0, dash) : directory;
}

ModuleSet modules_of_directory(std::string_view directory) {
    return modules_where([&](const ModuleRow& row) {
        bool found = false;
        for_each_part(row.directories, ',', [&](std::string_view known) {
            found = found || equal_ignoring_case(known, directory);
        });
        return found;
    });
}

/// Some repositories keep the nginx part in a folder of their own (`njs/nginx`), so the two
/// folders above count as well.
std::optional<ModuleSet> modules_of_path(std::string_view path) {
    for (int depth = 0; depth < 3; ++depth) {
        while (!path.empty() && path.back() == '/')
            path.remove_suffix(1);
        if (path.empty())
            break;
        const std::size_t slash = path.rfind('/');
        const std::string_view directory =
            slash == std::string_view::npos ? path : path.substr(slash + 1);
        for (const std::string_view name : {directory, without_release(directory)})
            if (const ModuleSet set = modules_of_directory(name); !set.empty())
                return set;
        path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
    }
    return std::nullopt;
}

void apply_options(const Options& options, NginxBuild& build) {
    const auto rows = module_rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Presence there = presence(rows[i], options);
        if (there == Presence::built_in)
            build.modules.insert(id_of(i));
        else if (there == Presence::loadable)
            build.loadable.insert(id_of(i));
    }
    // The same third-party tree is often added more than once per build line, never thousands of
    // times: a bound keeps hostile text linear.
    constexpr std::size_t most_added = 1000;
    if (options.add_module.size() > most_added)
        build.modules.set_open();
    for (std::size_t i = 0; i < std::min(options.add_module.size(), most_added); ++i) {
        if (const auto set = modules_of_path(options.add_module[i]))
            build.modules.insert(*set);
        else
            build.modules.set_open();
    }
    build.prefix = options.prefix;
    build.conf_path = options.conf_path;
    build.temp_paths = options.temp_paths;
    build.file_aio = options.find("with-file-aio") != nullptr;
}

// ----- text and executables -----------------------------------------------------------------

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

struct Product {
    std::string_view name;
    Version version;
    bool plus = false;
};

/// Reads `nginx/1.22.1`, `openresty/1.21.4.1`, `nginx/1.25.5 (nginx-plus-r32)`.
std::optional<Product> read_product(std::string_view text) {
    text = text.substr(0, 128);
    text = text.substr(0, text.find_first_of(std::string_view("\n\r\0", 3)));
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos || slash == 0)
        return std::nullopt;
    Product product;
    product.name = text.substr(0, slash);
    const std::string_view rest = text.substr(slash + 1);
    std::size_t end = 0;
    for (int dots = 0; end < rest.size(); ++end) {
        if (rest[end] == '.' && ++dots == 3)
            break;
        if (rest[end] != '.' && !is_digit(rest[end]))
            break;
    }
    const auto version = parse_version(rest.substr(0, end));
    if (!version)
        return std::nullopt;
    product.version = *version;
    product.plus = rest.find("nginx-plus") != std::string_view::npos;
    return product;
}

/// The first place after `marker` that reads as a product.
std::optional<Product> find_product(std::string_view bytes, std::string_view marker,
                                    std::size_t keep) {
    for (std::size_t at = bytes.find(marker); at != std::string_view::npos;
         at = bytes.find(marker, at + marker.size()))
        if (auto product = read_product(bytes.substr(at + marker.size() - keep)))
            return product;
    return std::nullopt;
}

bool is_name(char c) noexcept {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '_';
}

/// The names in ngx_module_names (objs/ngx_modules.c): text between NUL bytes. Every module of the
/// executable has its name there, and no other module does.
struct NamedModules {
    ModuleSet set;
    bool any = false;
};

NamedModules find_named_modules(std::string_view bytes) {
    NamedModules result;
    const auto rows = module_rows();
    std::vector<std::pair<std::string_view, ModuleId>> names;
    for (std::size_t i = 0; i < rows.size(); ++i)
        names.emplace_back(shared_name(rows[i].name), id_of(i));
    std::sort(names.begin(), names.end());

    const std::string_view marker("_module\0", module_suffix.size() + 1);
    for (std::size_t at = bytes.find(marker); at != std::string_view::npos;
         at = bytes.find(marker, at + marker.size())) {
        constexpr std::size_t longest = 64;
        std::size_t begin = at;
        while (begin > 0 && at - begin < longest && is_name(bytes[begin - 1]))
            --begin;
        const std::string_view name = bytes.substr(begin, at - begin);
        if (begin == 0 || bytes[begin - 1] != '\0')
            continue;
        if (!name.starts_with("ngx_") && !name.starts_with("ndk_"))
            continue;
        auto row = std::lower_bound(names.begin(), names.end(), name,
                                    [](const auto& a, std::string_view b) { return a.first < b; });
        const bool known = row != names.end() && row->first == name;
        // Exported functions and counters are named alike: ngx_add_module, ngx_http_max_module.
        if (!known && (name == "ngx_add" || name.ends_with("_max")))
            continue;
        if (!known)
            result.set.set_open();
        for (; row != names.end() && row->first == name; ++row)
            result.set.insert(row->second);
        result.any = true;
    }
    return result;
}

bool is_condition(const ModuleRow& row) noexcept {
    return row.name.starts_with("NGX_");
}

bool is_executable(std::string_view bytes) noexcept {
    return bytes.starts_with("\177ELF");
}

/// The names that an executable carries say more than its configure arguments: distributions add
/// modules by patches, and a directory's name may not tell what it holds.
void apply_named_modules(std::string_view bytes, NginxBuild& build) {
    const NamedModules named = find_named_modules(bytes);
    const auto core = find_module("ngx_core");
    if (!named.any || !core || !named.set.contains(*core))
        return;
    ModuleSet set = named.set;
    const auto rows = module_rows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if ((is_condition(rows[i]) || rows[i].built == "plus") && build.modules.contains(id_of(i)))
            set.insert(id_of(i));
    build.modules = set;
}

} // namespace

std::size_t module_count() noexcept {
    return module_rows().size();
}

std::string_view module_name(ModuleId module) noexcept {
    return module_rows()[module.value].name;
}

std::optional<ModuleId> find_module(std::string_view name) noexcept {
    const std::string_view stem = without_module_suffix(name);
    const auto rows = module_rows();
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].name == stem || rows[i].name == name)
            return id_of(i);
    return std::nullopt;
}

NginxBuild official_build(Version version) {
    constexpr std::string_view arguments =
        "--prefix=/etc/nginx --conf-path=/etc/nginx/nginx.conf "
        "--http-client-body-temp-path=/var/cache/nginx/client_temp "
        "--http-proxy-temp-path=/var/cache/nginx/proxy_temp "
        "--http-fastcgi-temp-path=/var/cache/nginx/fastcgi_temp "
        "--http-uwsgi-temp-path=/var/cache/nginx/uwsgi_temp "
        "--http-scgi-temp-path=/var/cache/nginx/scgi_temp --with-compat --with-file-aio "
        "--with-threads --with-http_addition_module --with-http_auth_request_module "
        "--with-http_dav_module --with-http_flv_module --with-http_gunzip_module "
        "--with-http_gzip_static_module --with-http_mp4_module --with-http_random_index_module "
        "--with-http_realip_module --with-http_secure_link_module --with-http_slice_module "
        "--with-http_ssl_module --with-http_stub_status_module --with-http_sub_module "
        "--with-http_v2_module --with-mail --with-mail_ssl_module --with-stream "
        "--with-stream_realip_module --with-stream_ssl_module --with-stream_ssl_preread_module ";
    constexpr std::string_view http3 = "--with-http_v3_module";
    constexpr Version first_with_http3{1, 25, 0};
    std::string text(arguments);
    if (version >= first_with_http3)
        text += http3;
    NginxBuild build;
    build.version = version;
    apply_options(read_options(text), build);
    return build;
}

std::string_view configure_arguments(std::string_view bytes) noexcept {
    const std::size_t marker = bytes.find(arguments_marker);
    if (marker == std::string_view::npos)
        return {};
    std::string_view rest = bytes.substr(marker + arguments_marker.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
    return rest.substr(0, rest.find_first_of(std::string_view("\n\0", 2)));
}

std::optional<NginxBuild> build_from_text(std::string_view bytes) {
    constexpr std::string_view version_marker = "nginx version: ";
    constexpr std::string_view product_marker = "nginx/";

    auto product = find_product(bytes, version_marker, 0);
    if (!product)
        product = find_product(bytes, product_marker, product_marker.size());
    if (!product)
        return std::nullopt;

    NginxBuild build;
    if (bytes.find(arguments_marker) == std::string_view::npos) {
        build = official_build(product->version);
        build.prefix.reset();
        build.conf_path.reset();
        build.temp_paths = {};
        build.modules.set_open();
    } else {
        apply_options(read_options(configure_arguments(bytes)), build);
    }
    build.version = product->version;
    if (is_executable(bytes))
        apply_named_modules(bytes, build);

    if (product->plus) {
        build.modules.insert(
            modules_where([](const ModuleRow& row) { return row.built == "plus"; }));
    }
    // Forks have directives of their own; some print a line of their own beside nginx's.
    const bool fork = product->name != "nginx" && product->name != "openresty";
    if (fork || bytes.find("Tengine version: ") != std::string_view::npos ||
        bytes.find("Angie version: ") != std::string_view::npos)
        build.modules.set_open();
    return build;
}

TempPaths temp_paths_of(std::string_view configure_arguments) {
    return read_options(configure_arguments).temp_paths;
}

std::optional<ModuleSet> modules_of_object(std::string_view stem, const NginxBuild& build) {
    if (stem == "all")
        return modules_where([](const ModuleRow&) { return true; });
    const ModuleSet family =
        modules_where([&](const ModuleRow& row) { return !stem.empty() && row.object == stem; });
    if (family.empty())
        return std::nullopt;
    const ModuleSet configured = intersection(family, build.loadable);
    return configured.empty() ? family : configured;
}

} // namespace upstream_lint
