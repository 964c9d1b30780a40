#include "rules/perspective.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// The only one that was started with a configuration; null: none, or several.
const NginxInstance* find_by_configuration(const Snapshot& facts, std::string_view name) {
    const auto& all = facts.instances;
    const auto found = std::ranges::find(all, name, &NginxInstance::configuration);
    return std::ranges::count(all, name, &NginxInstance::configuration) == 1 ? &*found : nullptr;
}

/// The only one that can be meant with a configuration that none may have been started with: one
/// that sees other files does not run with it. Null: none, or several.
const NginxInstance* find_only(const Snapshot& facts) {
    const auto can_be_meant = [&](const NginxInstance& instance) {
        return instance.configuration.empty() || instance.mount_namespace == facts.mount_namespace;
    };
    const auto& all = facts.instances;
    const auto found = std::ranges::find_if(all, can_be_meant);
    return std::ranges::count_if(all, can_be_meant) == 1 ? &*found : nullptr;
}

const NginxInstance* find_instance(const Model& model, const Snapshot& facts,
                                   std::uint32_t master_pid) {
    const auto& all = facts.instances;
    if (master_pid == 0) {
        const NginxInstance* const same =
            find_by_configuration(facts, model.config().sources().name({0}));
        return same != nullptr ? same : find_only(facts);
    }
    const auto found = std::ranges::find(all, master_pid, &NginxInstance::master_pid);
    return found == all.end() ? nullptr : &*found;
}

/// The newest one that still takes connections: it answers what comes next.
const Worker* newest_worker(const NginxInstance& instance) {
    const Worker* newest = nullptr;
    for (const Worker& worker : instance.workers) {
        if (!worker.is_shutting_down &&
            (newest == nullptr || newest->started_at < worker.started_at)) {
            newest = &worker;
        }
    }
    return newest;
}

/// The words of `user`, or of its absence.
std::vector<std::string> user_words(const Model& model) {
    for (const OuterSetting& setting : model.outer_settings()) {
        if (setting.context == Context::main && setting.name == "user") {
            return model.words(setting.directive);
        }
    }
    return {};
}

void set_configured_worker(Perspective& perspective, const Model& model, const Snapshot& facts) {
    const std::vector<std::string> words = user_words(model);
    if (words.size() < 2) {
        perspective.worker_source = "nginx does not run, and no `user` says who its workers are";
        return;
    }
    const auto account = std::ranges::find(facts.accounts, words[1], &Account::name);
    if (account == facts.accounts.end()) {
        perspective.worker_source =
            fmt::format("nginx does not run, and nothing is known of the user {}", words[1]);
        return;
    }
    Credentials credentials{.uid = account->uid, .gid = account->gid, .groups = account->groups};
    if (account->uid == 0) {
        credentials.capabilities = ~std::uint64_t{0};
    }
    perspective.worker = std::move(credentials);
    perspective.worker_source = fmt::format("`user {}`; nginx does not run", words[1]);
}

} // namespace

Perspective find_perspective(const Model& model, const FactIndex& index, std::uint32_t master_pid) {
    const Snapshot& facts = index.snapshot();
    Perspective perspective{.instance = find_instance(model, facts, master_pid)};
    if (perspective.instance == nullptr) {
        perspective.network = index.network(facts.network_namespace);
        perspective.mount_namespace = facts.mount_namespace;
        set_configured_worker(perspective, model, facts);
        return perspective;
    }
    const NginxInstance& instance = *perspective.instance;
    perspective.network = index.network(instance.network_namespace);
    perspective.mount_namespace = instance.mount_namespace;
    perspective.container = index.container(instance.container);
    if (const Worker* const worker = newest_worker(instance)) {
        perspective.worker = worker->credentials;
        perspective.worker_source = fmt::format("/proc/{}/status", worker->pid);
    } else {
        perspective.worker_source = "no worker of nginx was seen";
    }
    return perspective;
}

} // namespace upstream_lint
