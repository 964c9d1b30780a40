#pragma once

#include "rules/fact_index.hpp"
#include "rules/listener_answer.hpp"
#include "rules/name_answer.hpp"
#include "rules/perspective.hpp"
#include "rules/unix_answer.hpp"
#include "upstream_lint/address.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <utility>

namespace upstream_lint::test {

/// What an answer says, without what it points to.
struct Said {
    Verdict verdict = Verdict::unknown;
    std::string cause{};

    friend bool operator==(const Said&, const Said&) = default;

    friend doctest::String toString(const Said& said) {
        const std::string verdict = said.verdict == Verdict::satisfied  ? "satisfied"
                                    : said.verdict == Verdict::violated ? "violated"
                                                                        : "unknown";
        return (verdict + " " + said.cause).c_str();
    }
};

inline const Said is_satisfied{.verdict = Verdict::satisfied};
inline const Said is_unknown{.verdict = Verdict::unknown};

inline Said is_violated(std::string_view cause) {
    return {.verdict = Verdict::violated, .cause = std::string(cause)};
}

/// The members of a snapshot; nginx is the only instance, or runs where the facts were read.
inline Snapshot read_facts(const std::string& members) {
    auto facts = parse_snapshot(R"({"schema": "nginx-upstream-lint/snapshot/1")" +
                                    (members.empty() ? "" : ", " + members) + "}",
                                "facts.json");
    REQUIRE_MESSAGE(facts, describe(facts.error()));
    return std::move(facts).value();
}

/// From where the only instance looks; without one, from where the facts were read, as nobody
/// known.
inline Perspective perspective_of(const FactIndex& facts) {
    const Snapshot& all = facts.snapshot();
    Perspective perspective{.network = facts.network(all.network_namespace),
                            .mount_namespace = all.mount_namespace};
    if (all.instances.empty()) {
        return perspective;
    }
    const NginxInstance& instance = all.instances.front();
    perspective.instance = &instance;
    perspective.network = facts.network(instance.network_namespace);
    perspective.mount_namespace = instance.mount_namespace;
    perspective.container = facts.container(instance.container);
    const auto worker = std::ranges::find(instance.workers, false, &Worker::is_shutting_down);
    if (worker != instance.workers.end()) {
        perspective.worker = worker->credentials;
    }
    return perspective;
}

inline Said said(const ProbeAnswer& answer) {
    return {.verdict = answer.verdict, .cause = std::string(answer.cause)};
}

/// `[::1]:80` and the like.
inline Said at_address(const std::string& address, const std::string& members) {
    const Snapshot facts = read_facts(members);
    const FactIndex index(facts);
    const auto parsed = parse_address_and_port(address);
    REQUIRE(parsed);
    return said(answer_listener(*parsed, false, perspective_of(index), index));
}

inline Said at_path(const std::string& path, const std::string& members) {
    const Snapshot facts = read_facts(members);
    const FactIndex index(facts);
    return said(answer_unix_socket(path, false, perspective_of(index), index));
}

inline Said at_name(const std::string& name, std::uint16_t port, const std::string& members) {
    const Snapshot facts = read_facts(members);
    const FactIndex index(facts);
    const Probe probe{.kind = Probe::Kind::name, .port = port, .subject = name};
    return said(answer_name(probe, perspective_of(index), index));
}

} // namespace upstream_lint::test
