#pragma once

#include "rules/rule_context.hpp"

#include <functional>
#include <string>
#include <vector>

namespace upstream_lint {

/// Adds a finding for each exchange whose cause is the rule's, at the directives that would say the
/// same: message, evidence, places. `finish` writes notes and commands.
void add_exchange_faults(const RuleContext& context, const RuleInfo& info,
                         std::vector<Finding>& findings,
                         const std::function<void(Finding&, const ConnectFacts&)>& finish);

/// The command that makes a TLS handshake as nginx does, by OpenSSL's own client.
[[nodiscard]] std::string handshake_command(const ConnectFacts& connect);

/// The command that asks what nginx would ask a peer of HTTP, and shows what comes back.
[[nodiscard]] std::string request_command(const ConnectFacts& connect);

} // namespace upstream_lint
