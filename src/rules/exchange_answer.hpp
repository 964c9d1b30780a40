#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"
#include "upstream_lint/facts.hpp"
#include "upstream_lint/finding.hpp"
#include "upstream_lint/probe.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// What the facts say of an exchange of a plan.
struct ExchangeAnswer {
    /// `satisfied`: one address at least answered as nginx wants it. `violated`: none did, and it
    /// is known why not.
    Verdict verdict = Verdict::unknown;
    std::string_view cause; ///< the id of the rule that tells of it; also of hints, of `unknown`
    Confidence confidence = Confidence::proven; ///< of the cause
    std::string reason;                         ///< where something was tried in vain
    const ConnectFacts* failed = nullptr;       ///< the first that was
    /// What was tried, address by address. They point into the Snapshot. Empty: nothing.
    std::vector<const ConnectFacts*> tried;
};

/// Of the addresses that `answer`, that to the exchange's question, is about. Cost: a search for
/// each.
[[nodiscard]] ExchangeAnswer answer_exchange(const ExchangeProbe& asked, const ProbeAnswer& answer,
                                             const Perspective& perspective,
                                             const FactIndex& facts);

/// Whether something was said, so that a connection alone says less.
[[nodiscard]] bool was_tried(const ConnectFacts& connect);

/// Whether the peer answered as nginx wants it: the handshake was made and verified, the answer is
/// one of the protocol.
[[nodiscard]] bool is_answered(const ConnectFacts& connect);

/// What went wrong with what was said, as nginx would log it; empty: nothing.
[[nodiscard]] std::string failure_of(const ConnectFacts& connect);

/// The handshake and the answer, as far as they came.
void add_exchange_evidence(const ConnectFacts& connect, std::vector<Evidence>& evidence);

} // namespace upstream_lint
