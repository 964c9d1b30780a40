#pragma once

#include "upstream_lint/finding.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace upstream_lint {

/// What a cause does to requests where it is proven.
enum class Impact : std::uint8_t {
    low,  ///< noise, or nothing yet
    med,  ///< a share of requests fails
    high, ///< a whole location fails
    crit, ///< nginx does not start, or everything on the host fails
};

enum class RuleGroup : std::uint8_t {
    configuration,
    unix_sockets,
    listeners,
    names,
    containers,
    permissions,
    tls,       ///< towards the upstream
    protocols, ///< what is spoken there
};

[[nodiscard]] std::string_view rule_group_name(RuleGroup group);

/// A configuration with what is known of its host.
struct RuleExample {
    std::string_view conf;
    std::string_view facts; ///< a snapshot (docs/schema/snapshot-1.json); empty: nothing is known
};

/// What a rule is about. All texts are in static storage.
struct RuleInfo {
    std::string_view id;        ///< flat kebab-case, stable
    std::string_view catalogue; ///< its number among the causes of failures: `C01`
    RuleGroup group = RuleGroup::configuration;
    Impact impact = Impact::high;
    Confidence confidence = Confidence::proven; ///< the best that it claims
    std::string_view summary;                   ///< what is wrong, one line without a full stop
    std::string_view explanation; ///< Markdown: what nginx does and logs, how it is proven, how it
                                  ///< is repaired, where the rule stays silent
    RuleExample bad;              ///< has this finding and no other above `info`
    RuleExample good;             ///< has none
    /// It tells what else breaks: the cause has a finding of its own beside it.
    bool is_consequence = false;
};

/// How bad a finding is: what is proven to break a location is an error, what may or breaks less is
/// a warning.
[[nodiscard]] Severity severity_of(Impact impact, Confidence confidence);

/// Every rule, by group, then in the order of the catalogue.
[[nodiscard]] std::span<const RuleInfo* const> all_rules();

/// Null: there is none of that name.
[[nodiscard]] const RuleInfo* find_rule(std::string_view id);

/// A rule's page in Markdown: what `explain` prints and docs/rules/ holds.
[[nodiscard]] std::string rule_page(const RuleInfo& rule);

/// All rules in one table, in Markdown: docs/rules/README.md.
[[nodiscard]] std::string rule_list_page();

/// A cause of failures that no rule is about. All texts are in static storage.
struct OpenCause {
    enum class State : std::uint8_t {
        log,         ///< only a log tells
        repository,  ///< only files beside the configuration tell, as those of a deploy
        expectation, ///< only what somebody meant tells
        elsewhere,   ///< rules of other causes find it
        impossible,  ///< no configuration can have it
        later,       ///< facts or a rule are missing
    };

    std::string_view catalogue; ///< its number among the causes of failures
    std::string_view name;
    State state = State::later;
    std::string_view reason;
};

/// All of them: with the rules they are the whole catalogue, each cause once.
[[nodiscard]] std::span<const OpenCause> open_causes();

/// Them in one table, in Markdown: docs/rules/CAUSES-WITHOUT-RULE.md.
[[nodiscard]] std::string open_causes_page();

} // namespace upstream_lint
