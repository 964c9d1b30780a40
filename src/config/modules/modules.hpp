#pragma once

#include "config/setters.hpp"

#include <span>

namespace upstream_lint {

/// Setters that several modules share, by the name of the C function; they stand in the file of the
/// module that has them in nginx.
[[nodiscard]] std::span<const DirectiveSetter> shared_setters() noexcept;

// One module a file, which has the name of nginx's.
extern const ModuleSetters ngx_core_module;

} // namespace upstream_lint
