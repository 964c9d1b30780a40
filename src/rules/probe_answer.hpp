#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/finding.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What the facts say of one question of a plan, or of one address that a name stands for.
struct ProbeAnswer {
    Verdict verdict = Verdict::unknown;
    /// Of `violated`: the id of the rule that tells of it (rules/causes.hpp).
    std::string_view cause{};
    Confidence confidence = Confidence::proven;
    /// What is wrong, or why nobody can tell: lower case, no full stop.
    std::string reason{};
    std::vector<Evidence> evidence{};
    /// What the question is about; of a name's address that.
    std::string subject{};
    /// Answers with the same cause and the same key have the same culprit: a container, a folder.
    std::string culprit{};
    /// Of `unknown`: a connection would tell.
    bool asks_for_connection = false;

    // What was seen, each null where there is none. They point into the Snapshot.
    const NetworkNamespace* network = nullptr;
    const InetSocket* listener = nullptr; ///< the one that answers, or stands in its place
    const UnixSocket* socket = nullptr;   ///< likewise
    const PathFacts* path = nullptr;
    const PathComponent* component = nullptr; ///< of the path: the one that is in the way
    const Container* container = nullptr;
    const NameFacts* name = nullptr;
    const ConnectFacts* connect = nullptr;
    /// Of a port that an engine passes on: whose.
    const ContainerPort* port = nullptr;

    /// What is perhaps meant instead: paths of sockets, addresses, names.
    std::vector<std::string> candidates{};

    /// Of a name: an answer for each of its addresses.
    std::vector<ProbeAnswer> addresses{};
};

[[nodiscard]] inline ProbeAnswer satisfied() {
    return {.verdict = Verdict::satisfied};
}

[[nodiscard]] inline ProbeAnswer unknown(std::string reason) {
    return {.verdict = Verdict::unknown, .reason = std::move(reason)};
}

[[nodiscard]] inline ProbeAnswer violated(std::string_view cause, std::string reason,
                                          Confidence confidence = Confidence::proven) {
    return {.verdict = Verdict::violated,
            .cause = cause,
            .confidence = confidence,
            .reason = std::move(reason)};
}

} // namespace upstream_lint
