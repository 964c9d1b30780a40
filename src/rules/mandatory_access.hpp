#pragma once

#include "rules/fact_index.hpp"
#include "rules/perspective.hpp"
#include "rules/probe_answer.hpp"

#include <string_view>

namespace upstream_lint {

/// The type of a label of SELinux: `httpd_t` of `system_u:system_r:httpd_t:s0`. Empty: it has none.
[[nodiscard]] std::string_view selinux_type(std::string_view label);

/// Connecting to a unix socket was forbidden (EACCES), though nginx's workers may by its modes.
/// Whose refusal that is: SELinux's, AppArmor's, or nobody's who is known. A process that runs as
/// something else than the workers do speaks for them if it is not confined at all; one that is not
/// root may lack permissions that they have: `tables` stands.
[[nodiscard]] ProbeAnswer answer_forbidden(std::string_view path, ProbeAnswer tables,
                                           const Perspective& perspective, const FactIndex& facts);

} // namespace upstream_lint
