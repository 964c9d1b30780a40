#include "cli/checked_input.hpp"

#include "cli/exit_status.hpp"
#include "upstream_lint/host.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <utility>

namespace upstream_lint::cli {

namespace {

/// Whether `--instance` means it.
bool is_meant(const NginxInstance& instance, const std::string& name) {
    return name.empty() || name == std::to_string(instance.master_pid) || name == instance.unit ||
           name + ".service" == instance.unit ||
           (!instance.container.empty() && instance.container.starts_with(name));
}

std::string description_of(const NginxInstance& instance) {
    std::string text = std::to_string(instance.master_pid);
    if (!instance.unit.empty()) {
        text += fmt::format(" ({})", instance.unit);
    }
    if (!instance.container.empty()) {
        text += fmt::format(" (container {})", instance.container.substr(0, 12));
    }
    return text;
}

/// As `nginx -V` of it would say, as far as the snapshot knows.
std::string build_text(const NginxInstance& instance) {
    return instance.configure_arguments.empty()
               ? fmt::format("nginx version: nginx/{}\n", instance.version)
               : fmt::format("nginx version: nginx/{}\nconfigure arguments: {}\n", instance.version,
                             instance.configure_arguments);
}

/// The instance that runs with a main file; null: none does.
const NginxInstance* instance_of(const Snapshot& snapshot, std::string_view main_name) {
    const auto same =
        std::ranges::find(snapshot.instances, main_name, &NginxInstance::configuration);
    return same == snapshot.instances.end() ? nullptr : &*same;
}

std::optional<NginxExecutable> read_executable(std::string_view bytes) {
    const auto build = build_from_text(bytes);
    if (!build) {
        return std::nullopt;
    }
    return NginxExecutable{to_string(build->version), build->prefix.value_or(""),
                           build->conf_path.value_or(""), std::string(configure_arguments(bytes))};
}

bool is_elsewhere(const NginxInstance& instance) {
    const auto own = real_file_system()->readlink("/proc/self/ns/mnt");
    return own && !instance.mount_namespace.empty() &&
           own->find(instance.mount_namespace) == std::string::npos;
}

/// Whether it was started with that file: in another mount namespace the name may be another's.
bool has_configuration(const NginxInstance& instance, const std::string& name) {
    if (instance.configuration != name || !is_elsewhere(instance)) {
        return instance.configuration == name;
    }
    const auto files = real_file_system();
    const auto here = files->read(name);
    const auto there =
        root_view(files, fmt::format("/proc/{}/root", instance.master_pid))->read(name);
    return here && there && here->view() == there->view();
}

/// How to check a configuration that could not be reached.
std::string advice_for(const NginxInstance& instance) {
    return fmt::format("It is the configuration of nginx {}: run as root, or let `nginx -T` print "
                       "it where that nginx runs: nginx-upstream-lint check -\n",
                       description_of(instance));
}

Stop not_running(const std::string& name, const FoundInstances& running) {
    std::string known;
    for (const NginxInstance& instance : running.instances) {
        known += (known.empty() ? "" : ", ") + description_of(instance);
    }
    return {exit_not_done, fmt::format("nginx-upstream-lint: no nginx {} runs here; there is {}\n",
                                       visible(name), known.empty() ? "none" : known)};
}

std::string proc_folder(const NginxInstance& instance) {
    return fmt::format("/proc/{}", instance.master_pid);
}

/// The same, for the executable and the prefix of an instance where they name no others.
Options with_instance(Options options, const NginxInstance& instance) {
    if (!instance.prefix.empty() && !options.prefix) {
        options.prefix = instance.prefix;
    }
    if (options.nginx || options.nginx_version) {
        return options;
    }
    const std::string executable = proc_folder(instance) + "/exe";
    if (real_file_system()->read(executable)) {
        options.nginx = executable;
    } else if (!instance.version.empty() && !is_elsewhere(instance)) {
        options.nginx = instance.executable;
    }
    return options;
}

/// The configuration that an instance was started with, as it sees files.
std::variant<CheckedInput, Stop> input_of(const NginxInstance& instance, const Options& given) {
    if (instance.configuration.empty()) {
        return Stop{exit_not_done,
                    fmt::format("nginx-upstream-lint: what nginx {} was built with is not known: "
                                "its executable may not be read, and it was started without -c\n"
                                "{}",
                                instance.master_pid, advice_for(instance))};
    }
    Options options = with_instance(given, instance);
    options.conf = instance.configuration;
    const bool has_other_files = is_elsewhere(instance);
    if (has_other_files) {
        options.root = proc_folder(instance) + "/root";
    }
    auto found = find_input(options);
    if (const auto* const stop = std::get_if<Stop>(&found)) {
        return Stop{stop->status, stop->text + advice_for(instance)};
    }
    CheckedInput checked{.input = std::get<Input>(std::move(found)), .instance = instance};
    if (!has_other_files) {
        checked.input.served_files = checked.input.files;
        checked.input.hostname = machine_name();
    }
    return checked;
}

/// The configuration that the options name, and the instance that runs with it, if one does.
std::variant<CheckedInput, Stop> named_input(const Options& options,
                                             const std::vector<NginxInstance>& instances) {
    auto found = find_input(options);
    if (auto* const stop = std::get_if<Stop>(&found)) {
        return std::move(*stop);
    }
    CheckedInput input{.input = std::get<Input>(std::move(found)), .instance = {}};
    const bool is_of_this_host = !options.root && options.mappings.empty();
    const auto same = std::ranges::find_if(instances, [&](const NginxInstance& instance) {
        return is_of_this_host && has_configuration(instance, input.input.main_name);
    });
    if (same == instances.end()) {
        return input;
    }
    auto as_it_runs = find_input(with_instance(options, *same));
    if (auto* const stop = std::get_if<Stop>(&as_it_runs)) {
        return std::move(*stop);
    }
    return CheckedInput{.input = std::get<Input>(std::move(as_it_runs)), .instance = *same};
}

void add(std::variant<CheckedInput, Stop> one, CheckedInputs& found) {
    if (auto* const stop = std::get_if<Stop>(&one)) {
        found.stops.push_back(std::move(*stop));
    } else {
        found.inputs.push_back(std::get<CheckedInput>(std::move(one)));
    }
}

} // namespace

CheckedInputs find_checked_inputs(const Options& options, const FoundInstances& running) {
    const bool is_named = options.conf || options.root || !options.mappings.empty();
    std::vector<NginxInstance> instances;
    std::ranges::copy_if(
        running.instances, std::back_inserter(instances),
        [&](const NginxInstance& instance) { return is_meant(instance, options.instance); });
    CheckedInputs found;
    if (!options.instance.empty() && instances.empty()) {
        found.stops.push_back(not_running(options.instance, running));
    } else if (is_named || instances.empty()) {
        add(named_input(options, instances), found);
    } else {
        for (const NginxInstance& instance : instances) {
            add(input_of(instance, options), found);
        }
    }
    return found;
}

std::variant<CheckedInput, Stop> embedded_input(const Options& options, const Snapshot& snapshot) {
    const auto files = std::make_shared<MemoryFileSystem>();
    for (const ConfigurationFile& file : snapshot.configuration) {
        files->add(file.name, file.text);
    }
    CheckedInput checked;
    Input& input = checked.input;
    input.files = files;
    input.main_name = snapshot.configuration.front().name;
    const NginxInstance* const instance = instance_of(snapshot, input.main_name);
    auto build = build_of(options, instance == nullptr ? std::nullopt
                                                       : build_from_text(build_text(*instance)));
    if (auto* const stop = std::get_if<Stop>(&build)) {
        return std::move(*stop);
    }
    input.build = std::get<NginxBuild>(std::move(build));
    input.prefix = options.prefix.value_or(instance != nullptr && !instance->prefix.empty()
                                               ? instance->prefix
                                               : input.build.prefix.value_or("/etc/nginx"));
    input.hostname = snapshot.hostname;
    if (instance != nullptr) {
        checked.instance = *instance;
    }
    return checked;
}

bool wants_live_facts(const Options& options, bool is_running) {
    if (!options.facts.empty()) {
        return options.facts.front() == "live";
    }
    const bool is_of_this_host = !options.conf && !options.root && options.mappings.empty();
    return is_of_this_host || is_running || options.probe != ProbeMode::none;
}

CollectOptions collect_options(const Options& options) {
    CollectOptions collect;
    collect.read_executable = read_executable;
    switch (options.probe) {
    case ProbeMode::none:
        collect.mode = CollectOptions::ProbeMode::none;
        break;
    case ProbeMode::connect:
        collect.mode = CollectOptions::ProbeMode::connect;
        break;
    case ProbeMode::full:
        collect.mode = CollectOptions::ProbeMode::full;
        break;
    }
    return collect;
}

} // namespace upstream_lint::cli
