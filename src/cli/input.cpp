#include "cli/input.hpp"

#include "cli/exit_status.hpp"
#include "upstream_lint/host.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace upstream_lint::cli {

namespace {

// Where packages and nginx's own defaults put the executable and the configuration.
constexpr std::array executables = {"/usr/sbin/nginx", "/usr/local/nginx/sbin/nginx",
                                    "/usr/local/openresty/nginx/sbin/nginx",
                                    "/usr/local/sbin/nginx", "/usr/bin/nginx"};
constexpr std::array configurations = {"/etc/nginx/nginx.conf", "/usr/local/nginx/conf/nginx.conf",
                                       "/usr/local/openresty/nginx/conf/nginx.conf",
                                       "/usr/local/etc/nginx/nginx.conf"};

constexpr std::string_view stdin_name = "<stdin>";

/// `path` from the current directory's point of view, in full; `./` in front is dropped.
std::string absolute(std::string_view path) {
    while (path.starts_with("./")) {
        path.remove_prefix(2);
    }
    if (path.empty() || path == ".") {
        return current_directory();
    }
    return path.starts_with('/') ? std::string(path)
                                 : current_directory() + "/" + std::string(path);
}

Stop usage(std::string text) {
    return {exit_usage, "nginx-upstream-lint: " + std::move(text) + "\n"};
}

/// The nginx whose executable, or `nginx -V` text, an option names.
std::variant<NginxBuild, Stop> named_build(const std::string& path) {
    const auto bytes = real_file_system()->read(absolute(path));
    if (!bytes) {
        return unreadable(bytes.error());
    }
    auto build = build_from_text(bytes->view());
    if (!build) {
        return usage(fmt::format(
            "--nginx {}: neither an nginx executable nor the output of nginx -V", visible(path)));
    }
    return *std::move(build);
}

class Finder {
public:
    explicit Finder(const Options& options) : options_(options), files_(real_file_system()) {}

    std::variant<Input, Stop> find() {
        if (auto stop = set_views()) {
            return *stop;
        }
        take_facts();
        find_installed();
        auto stop = options_.conf == "-" ? take_standard_input() : name_main_file();
        if (!stop) {
            stop = choose_build();
        }
        if (stop) {
            return *stop;
        }
        input_.files = files_;
        input_.prefix =
            options_.prefix ? *options_.prefix : input_.build.prefix.value_or("/etc/nginx");
        return std::move(input_);
    }

private:
    std::optional<Stop> set_views() {
        const auto real = files_;
        for (const PathMapping& mapping : options_.mappings) {
            mappings_.push_back({mapping.name, absolute(mapping.path)});
        }
        if (options_.root) {
            root_ = absolute(*options_.root);
            while (root_.size() > 1 && root_.ends_with('/')) {
                root_.pop_back();
            }
            const auto status = real->status(root_, Follow::yes);
            if (!status) {
                return unreadable(status.error());
            }
            if (status->kind != FileKind::directory) {
                return usage(fmt::format("--root {} is not a directory", visible(*options_.root)));
            }
            files_ =
                mappings_.empty() ? root_view(real, root_) : map_over_root(real, root_, mappings_);
        } else if (!mappings_.empty()) {
            files_ = map_view(real, mappings_);
        }
        return std::nullopt;
    }

    /// What is known of the machine that the configuration is for.
    void take_facts() {
        const bool is_this_machine = !options_.root && !options_.conf && mappings_.empty();
        if (options_.root || is_this_machine) {
            input_.served_files = files_;
        }
        if (is_this_machine) {
            input_.hostname = machine_name();
        }
    }

    /// The nginx whose own configuration would be read.
    void find_installed() {
        for (const char* path : executables) {
            const auto bytes = files_->read(path);
            if (!bytes || bytes->size() == 0) {
                continue;
            }
            installed_ = build_from_text(bytes->view());
            if (installed_) {
                return;
            }
        }
    }

    std::optional<Stop> take_standard_input() {
        auto bytes = read_stream(STDIN_FILENO);
        if (!bytes) {
            return unreadable(bytes.error());
        }
        take_text(absolute(stdin_name), *bytes);
        return std::nullopt;
    }

    void take_text(std::string name, const Bytes& bytes) {
        if (auto dump = parse_nginx_dump(bytes)) {
            files_ = dump->files;
            input_.main_name = dump->main_file;
        } else {
            input_.main_name = std::move(name);
            files_ = overlay_view(files_, input_.main_name, bytes);
        }
    }

    std::optional<Stop> name_main_file() {
        if (!options_.conf) {
            return take_default();
        }
        auto name = configuration_name(*options_.conf);
        if (const Stop* stop = std::get_if<Stop>(&name)) {
            return *stop;
        }
        input_.main_name = std::get<std::string>(std::move(name));
        const auto bytes = files_->read(input_.main_name);
        // what cannot be read is the loader's to report; read again, it is the file itself
        if (bytes && is_nginx_dump(bytes->view())) {
            take_text(input_.main_name, *bytes);
        }
        // what stands under a mapping is a checkout, whatever the name it will have
        own_configuration_ =
            mappings_.empty() && installed_ && installed_->conf_path == input_.main_name;
        return std::nullopt;
    }

    /// The name under which the configuration knows a path here.
    [[nodiscard]] std::variant<std::string, Stop>
    configuration_name(const std::string& conf) const {
        if (conf.starts_with('/') && options_.root) {
            return conf;
        }
        const std::string path = absolute(conf);
        const std::string mapped = mapped_name(mappings_, path);
        if (mapped != path || root_.empty()) {
            return mapped;
        }
        if (root_ == "/") {
            return path;
        }
        if (!path.starts_with(root_ + "/")) {
            return usage(
                fmt::format("{} is neither inside --root nor under a --map", visible(conf)));
        }
        return path.substr(root_.size());
    }

    std::optional<Stop> take_default() {
        own_configuration_ = true;
        std::vector<std::string> tried;
        if (installed_ && installed_->conf_path) {
            tried.push_back(*installed_->conf_path);
        }
        tried.insert(tried.end(), configurations.begin(), configurations.end());
        for (const std::string& path : tried) {
            if (files_->status(path, Follow::yes)) {
                input_.main_name = path;
                return std::nullopt;
            }
        }
        return Stop{
            exit_not_done,
            fmt::format("nginx-upstream-lint: no configuration was named, and there is none at {}\n"
                        "Name one: nginx-upstream-lint test CONF\n",
                        fmt::join(tried, ", "))};
    }

    std::optional<Stop> choose_build() {
        auto build = build_of(options_, own_configuration_ ? installed_ : std::nullopt);
        if (auto* const stop = std::get_if<Stop>(&build)) {
            return std::move(*stop);
        }
        input_.build = std::get<NginxBuild>(std::move(build));
        return std::nullopt;
    }

    const Options& options_;
    std::shared_ptr<const FileSystem> files_;
    std::vector<PathMapping> mappings_;
    std::string root_;
    std::optional<NginxBuild> installed_;
    bool own_configuration_ = false;
    Input input_;
};

} // namespace

Stop unreadable(const Error& error) {
    return {exit_not_done, "nginx-upstream-lint: " + describe(error) + "\n"};
}

std::variant<NginxBuild, Stop> build_of(const Options& options,
                                        const std::optional<NginxBuild>& known) {
    NginxBuild build = known.value_or(official_build(newest_tested_version));
    if (options.nginx) {
        auto named = named_build(*options.nginx);
        if (auto* const stop = std::get_if<Stop>(&named)) {
            return std::move(*stop);
        }
        build = std::get<NginxBuild>(std::move(named));
        build.version = options.nginx_version.value_or(build.version);
    } else if (options.nginx_version) {
        build = official_build(*options.nginx_version);
    }
    for (const std::string& stem : options.modules) {
        const auto modules = modules_of_object(stem, build);
        if (!modules) {
            return usage(fmt::format(
                "--module does not know \"{}\"; it takes the name of a shared object without .so, "
                "such as ngx_stream_module, or all",
                visible(stem)));
        }
        build.modules.insert(*modules);
    }
    return build;
}

LoadOptions load_options(const Options& options, const Input& input) {
    LoadOptions load{.build = input.build, .context = options.context, .prefix = input.prefix};
    const bool finds_ways = options.command == Command::route || options.command == Command::routes;
    const bool asks_host =
        options.command == Command::check || options.command == Command::snapshot;
    load.check_values = options.command != Command::dump;
    load.keep_blocks = finds_ways || asks_host;
    load.first_error_only = finds_ways || (options.command == Command::test && !options.all &&
                                           options.format == Format::text);
    return load;
}

std::variant<Input, Stop> find_input(const Options& options) {
    return Finder(options).find();
}

} // namespace upstream_lint::cli
