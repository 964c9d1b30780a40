#pragma once

#include "rules/rule_context.hpp"

#include <string>

namespace upstream_lint {

/// The user that nginx's workers run as, by its name where that is known, else by its number.
[[nodiscard]] std::string worker_name(const RuleContext& context);

/// How whoever makes a socket gives nginx's workers access to it: by the settings of its socket
/// unit, of its pool, or of its program.
[[nodiscard]] std::string access_note(const RuleContext& context, const ProbeAnswer& answer);

} // namespace upstream_lint
