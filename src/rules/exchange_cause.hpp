#pragma once

#include "rules/fact_index.hpp"
#include "upstream_lint/facts.hpp"
#include "upstream_lint/finding.hpp"
#include "upstream_lint/probe.hpp"

#include <string_view>

namespace upstream_lint {

/// Which of the known causes a failed exchange has.
struct ExchangeCause {
    std::string_view id; ///< of its rule (rules/causes.hpp); empty: none that is known
    Confidence confidence = Confidence::proven;
};

/// By what the peer said, and by who listens. Cost: a search in one message of an error.
[[nodiscard]] ExchangeCause cause_of_failure(const ConnectFacts& connect, const FactIndex& facts);

} // namespace upstream_lint
