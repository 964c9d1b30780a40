#include "rules/mandatory_access.hpp"

#include "rules/causes.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::uint32_t root = 0;

/// `nginx (enforce)`; what is in no profile, or in one that only complains, is forbidden nothing.
bool is_enforced(std::string_view label) {
    return label.ends_with(" (enforce)") || label.ends_with(" (kill)");
}

bool is_unconfined(std::string_view type) {
    return type.starts_with("unconfined");
}

/// Who connected was forbidden what the workers are.
bool speaks_by_selinux(std::string_view own, std::string_view worker) {
    const std::string_view type = selinux_type(own);
    return !type.empty() && !selinux_type(worker).empty() &&
           (type == selinux_type(worker) || is_unconfined(type));
}

void add_labels(ProbeAnswer& answer, const Perspective& perspective, const FactIndex& facts) {
    const auto add = [&](std::string fact, const std::string& label, std::string source) {
        if (!label.empty()) {
            answer.evidence.push_back(
                {.fact = std::move(fact), .value = label, .source = std::move(source)});
        }
    };
    add("label of nginx's workers", perspective.worker->label, perspective.worker_source);
    add("label of who connected", facts.snapshot().label, "");
    if (answer.path != nullptr && !answer.path->components.empty()) {
        add("label of the socket's file", answer.path->components.back().label, "security.selinux");
    }
    if (answer.socket != nullptr) {
        add("label of who listens", answer.socket->owner.label, "/proc");
    }
}

} // namespace

std::string_view selinux_type(std::string_view label) {
    for (int field = 0; field < 2; ++field) {
        const std::size_t colon = label.find(':');
        if (colon == std::string_view::npos) {
            return {};
        }
        label.remove_prefix(colon + 1);
    }
    return label.substr(0, label.find(':'));
}

ProbeAnswer answer_forbidden(std::string_view path, ProbeAnswer tables,
                             const Perspective& perspective, const FactIndex& facts) {
    if (facts.snapshot().uid != root || !perspective.worker) {
        return tables;
    }
    const std::string_view own = facts.snapshot().label;
    const std::string_view worker = perspective.worker->label;
    ProbeAnswer answer;
    if (facts.snapshot().selinux_enforcing.value_or(false) && speaks_by_selinux(own, worker)) {
        answer = violated(cause::selinux_socket,
                          fmt::format("connections to {} are forbidden, though its modes let "
                                      "nginx's workers in: SELinux is enforcing",
                                      path),
                          Confidence::likely);
    } else if (is_enforced(worker) && own == worker) {
        answer = violated(cause::apparmor_denied,
                          fmt::format("connections to {} are forbidden, though its modes let "
                                      "nginx's workers in: they run in the profile {}",
                                      path, worker),
                          Confidence::likely);
    } else {
        answer = unknown(fmt::format("connecting to {} is forbidden, though its modes let nginx's "
                                     "workers in: by whom is not known",
                                     path));
    }
    answer.path = tables.path;
    answer.component = &tables.path->components.back();
    answer.socket = tables.socket;
    answer.network = tables.network;
    answer.evidence = std::move(tables.evidence);
    add_labels(answer, perspective, facts);
    return answer;
}

} // namespace upstream_lint
