#include "cli/prepared.hpp"

#include "cli/routed_model.hpp"
#include "upstream_lint/collect.hpp"

#include <string>
#include <utility>
#include <vector>

namespace upstream_lint::cli {

namespace {

Prepared prepare(CheckedInput input, const Options& options) {
    Prepared prepared{.input = std::move(input), .config = {}, .model = {}, .plan = {}};
    const Input& read = prepared.input.input;
    prepared.config.emplace(load_config(*read.files, read.main_name, load_options(options, read)));
    prepared.model = build_model(*prepared.config);
    if (prepared.model) {
        prepared.plan =
            plan_check(*prepared.model, router_options(read), options.probe == ProbeMode::full);
    }
    return prepared;
}

std::vector<std::string> users_of(const Model& model) {
    std::vector<std::string> users;
    for (const OuterSetting& setting : model.outer_settings()) {
        if (setting.context == Context::main && setting.name == "user") {
            const auto words = model.words(setting.directive);
            users.insert(users.end(), words.begin() + 1, words.end());
        }
    }
    return users;
}

std::vector<std::string> files_of(const Config& config) {
    std::vector<std::string> names;
    const SourceManager& sources = config.sources();
    for (std::uint32_t i = 0; i < sources.file_count(); ++i) {
        names.emplace_back(sources.name(FileId{i}));
    }
    return names;
}

/// What runs here, where that matters.
FoundInstances running_instances(const Options& options) {
    const bool is_elsewhere = options.root || !options.mappings.empty();
    const bool is_given = !options.facts.empty() && options.facts.front() != "live" && options.conf;
    return is_elsewhere || is_given ? FoundInstances{}
                                    : find_nginx_instances(collect_options(options));
}

} // namespace

PreparedInputs prepare_all(const Options& options) {
    CheckedInputs found = find_checked_inputs(options, running_instances(options));
    PreparedInputs prepared{.all = {}, .stops = std::move(found.stops)};
    for (CheckedInput& input : found.inputs) {
        prepared.all.push_back(prepare(std::move(input), options));
    }
    return prepared;
}

PreparedInputs prepare_embedded(const Options& options, const Snapshot& snapshot) {
    auto found = embedded_input(options, snapshot);
    PreparedInputs prepared;
    if (auto* const stop = std::get_if<Stop>(&found)) {
        prepared.stops.push_back(std::move(*stop));
    } else {
        prepared.all.push_back(prepare(std::get<CheckedInput>(std::move(found)), options));
    }
    return prepared;
}

Snapshot collect(const Prepared& prepared, const Options& options) {
    CollectOptions how = collect_options(options);
    CollectRequest request{.plan = &prepared.plan.probes, .users = {}, .files = {}};
    request.files = files_of(*prepared.config);
    if (prepared.model) {
        request.users = users_of(*prepared.model);
    }
    if (prepared.input.instance) {
        how.master_pid = prepared.input.instance->master_pid;
    }
    return collect_facts(request, how);
}

} // namespace upstream_lint::cli
