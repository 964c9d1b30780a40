#pragma once

#include "rules/fact_index.hpp"
#include "upstream_lint/facts.hpp"
#include "upstream_lint/model.hpp"

#include <optional>
#include <string>

namespace upstream_lint {

/// From where nginx looks at the world: whose worker connects, and in which namespaces.
struct Perspective {
    const NginxInstance* instance = nullptr;   ///< null: none runs with that configuration
    const NetworkNamespace* network = nullptr; ///< null: its listeners are not known
    std::string mount_namespace{};
    const Container* container = nullptr; ///< in which nginx runs
    std::optional<Credentials> worker{};
    std::string worker_source{}; ///< how they are known, or why they are not
};

/// `master_pid` chooses the instance; 0: the only one, or of several the one that was started with
/// this configuration. Where no instance runs,
/// nginx is taken to run where the facts were read, with the accounts that `user` names.
[[nodiscard]] Perspective find_perspective(const Model& model, const FactIndex& facts,
                                           std::uint32_t master_pid);

} // namespace upstream_lint
