#include "facts/proc_process.hpp"
#include "host/namespace_id.hpp"
#include "host/nginx_title.hpp"
#include "host/proc_files.hpp"
#include "host/process_label.hpp"
#include "host/process_owner.hpp"
#include "host/process_times.hpp"
#include "source/path.hpp"
#include "upstream_lint/collect.hpp"
#include "upstream_lint/host.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace upstream_lint {

namespace {

// What nginx is built with where nothing else is said (auto/options).
constexpr std::string_view default_prefix = "/usr/local/nginx";
constexpr std::string_view default_configuration = "conf/nginx.conf";

// An executable is read whole; none is anywhere near this.
constexpr std::uint64_t max_executable = std::uint64_t{256} << 20U;

struct NginxProcess {
    std::uint32_t pid = 0;
    std::uint32_t parent = 0;
    std::uint64_t started = 0; // in ticks
    NginxTitle title;
    bool has_title = true; // that nginx gave it
};

// The program is called nginx, has no title, and is none of the commands that end at once: one
// process without a master (`master_process off`).
std::optional<NginxTitle> untitled(std::string_view command_line) {
    std::vector<std::string> words = command_line_words(command_line);
    if (words.empty())
        return std::nullopt;
    NginxTitle title;
    title.role = NginxTitle::Role::master;
    title.program = words.front();
    if (title.program.substr(title.program.rfind('/') + 1) != "nginx")
        return std::nullopt;
    words.erase(words.begin());
    title.arguments = read_nginx_arguments(words);
    if (title.arguments.is_command)
        return std::nullopt;
    return title;
}

enum class Executable { nginx, another, not_read };

class Finder {
public:
    explicit Finder(const CollectOptions& options) :
        proc_(options.proc), booted_at_(boot_time(options.proc).value_or(0)),
        files_(real_file_system()), read_executable_(options.read_executable) {}

    FoundInstances find() {
        FoundInstances found;
        const auto pids = list_processes(proc_);
        if (!pids) {
            found.reading = failed_reading(pids.error(), proc_);
            return found;
        }
        found.reading = complete_reading(proc_);
        // hidepid= of proc(5) leaves a process with its own alone
        if (!pids->empty() && pids->front() != 1)
            found.reading = {ReadStatus::partial, proc_, "processes of others are hidden"};
        for (const std::uint32_t pid : *pids)
            take(pid);
        for (const auto& [pid, process] : processes_)
            if (is_master(process))
                if (auto instance = describe(process))
                    found.instances.push_back(std::move(*instance));
        return found;
    }

private:
    void take(std::uint32_t pid) {
        const auto command_line = read_kernel_file(process_path(proc_, pid, "cmdline"));
        if (!command_line)
            return;
        auto title = read_nginx_title(*command_line);
        const bool has_title = title.has_value();
        if (!title)
            title = untitled(*command_line);
        if (!title)
            return;
        const auto text = read_kernel_file(process_path(proc_, pid, "stat"));
        if (!text)
            return;
        const auto started = parse_proc_stat_start(*text);
        const auto parent = parent_of(*text);
        if (started && parent)
            processes_.emplace(pid, NginxProcess{pid, *parent, *started, *title, has_title});
    }

    // A process that nginx has just made still has its parent's title.
    [[nodiscard]] bool is_master(const NginxProcess& process) const {
        if (process.title.role != NginxTitle::Role::master)
            return false;
        const auto parent = processes_.find(process.parent);
        // the new executable of an upgrade is a child of the old master, with its own start
        return parent == processes_.end() ||
               parent->second.title.arguments != process.title.arguments ||
               has_children(process.pid);
    }

    [[nodiscard]] bool has_children(std::uint32_t pid) const {
        return std::ranges::any_of(processes_,
                                   [pid](const auto& entry) { return entry.second.parent == pid; });
    }

    [[nodiscard]] std::optional<NginxInstance> describe(const NginxProcess& process) const {
        NginxInstance instance;
        instance.master_pid = process.pid;
        instance.mount_namespace = mount_namespace_id(proc_, process.pid);
        NginxExecutable build;
        const Executable kind = read_executable(process, instance, build);
        if (kind == Executable::another)
            return std::nullopt;
        instance.started_at = started_at(process);
        instance.global_directives = process.title.arguments.global_directives;
        set_paths(process, kind == Executable::nginx ? &build : nullptr, instance);
        ProcessOwner owner = read_process_owner(proc_, process.pid);
        instance.unit = std::move(owner.unit);
        instance.container = std::move(owner.container);
        instance.network_namespace = network_namespace_id(proc_, process.pid);
        add_workers(process, instance);
        return instance;
    }

    // Anybody may call a process of theirs nginx: what can be read must be one.
    Executable read_executable(const NginxProcess& process, NginxInstance& instance,
                               NginxExecutable& build) const {
        constexpr std::string_view replaced = " (deleted)";
        std::string file = process_path(proc_, process.pid, "exe");
        if (const auto target = read_link(file)) {
            instance.executable = *target;
            if (instance.executable.ends_with(replaced))
                instance.executable.resize(instance.executable.size() - replaced.size());
        } else if (process.title.program.starts_with('/') &&
                   instance.mount_namespace == own_mount_namespace(proc_)) {
            file = process.title.program;
            instance.executable = file;
        }
        if (!read_executable_)
            return Executable::not_read;
        const auto status = files_->status(file, Follow::yes);
        if (!status || status->kind != FileKind::regular || status->size > max_executable)
            return Executable::not_read;
        const auto bytes = files_->read(file);
        if (!bytes)
            return Executable::not_read;
        auto found = read_executable_(bytes->view());
        if (!found)
            return Executable::another;
        build = std::move(*found);
        instance.version = build.version;
        instance.configure_arguments = build.arguments;
        return Executable::nginx;
    }

    // ngx_process_options and ngx_conf_full_name of core/nginx.c
    void set_paths(const NginxProcess& process, const NginxExecutable* build,
                   NginxInstance& instance) const {
        const NginxArguments& arguments = process.title.arguments;
        if (arguments.prefix)
            instance.prefix = from_its_folder(process.pid, *arguments.prefix);
        else if (build != nullptr)
            instance.prefix = build->prefix.empty() ? std::string(default_prefix) : build->prefix;
        if (arguments.configuration)
            instance.configuration = from_prefix(instance.prefix, *arguments.configuration);
        else if (build != nullptr)
            instance.configuration = from_prefix(
                instance.prefix, build->configuration.empty() ? std::string(default_configuration)
                                                              : build->configuration);
    }

    // A path that cannot be completed stays as it is.
    [[nodiscard]] std::string from_its_folder(std::uint32_t pid, const std::string& path) const {
        if (path.starts_with('/'))
            return path;
        const auto folder = read_link(process_path(proc_, pid, "cwd"));
        return folder ? lexical_path(*folder + "/" + path) : path;
    }

    static std::string from_prefix(const std::string& prefix, const std::string& path) {
        if (path.starts_with('/') || prefix.empty())
            return path;
        return prefix + (prefix.ends_with('/') ? "" : "/") + path;
    }

    void add_workers(const NginxProcess& master, NginxInstance& instance) const {
        for (const auto& [pid, process] : processes_) {
            const NginxTitle::Role role = process.title.role;
            if (process.parent == master.pid && (role == NginxTitle::Role::worker ||
                                                 role == NginxTitle::Role::worker_shutting_down))
                add_worker(process, instance);
        }
        if (!master.has_title)
            add_worker(master, instance);
    }

    // One that has ended meanwhile is none.
    void add_worker(const NginxProcess& process, NginxInstance& instance) const {
        const auto text = read_kernel_file(process_path(proc_, process.pid, "status"));
        if (!text)
            return;
        Parsed<Credentials> status = parse_proc_status(*text);
        if (!status.reading.is_complete())
            return;
        Credentials& credentials = status.value;
        credentials.label = read_process_label(proc_, std::to_string(process.pid));
        const bool leaves = process.title.role == NginxTitle::Role::worker_shutting_down;
        instance.workers.push_back({process.pid, started_at(process), leaves, credentials});
    }

    [[nodiscard]] UnixTime started_at(const NginxProcess& process) const {
        return time_after_boot(booted_at_, process.started);
    }

    std::string proc_;
    UnixTime booted_at_;
    std::shared_ptr<const FileSystem> files_;
    std::function<std::optional<NginxExecutable>(std::string_view)> read_executable_;
    std::map<std::uint32_t, NginxProcess> processes_;
};

} // namespace

FoundInstances find_nginx_instances(const CollectOptions& options) {
    return Finder(options).find();
}

} // namespace upstream_lint
