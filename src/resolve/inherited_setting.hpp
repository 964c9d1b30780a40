#pragma once

#include "upstream_lint/model.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// The first directive of a name that stands directly in a level, or null. Views the model.
[[nodiscard]] const Setting* find_setting(const Model& model, LocationId level,
                                          std::string_view name);

/// The same in the level, else in the nearest one around it.
[[nodiscard]] const Setting* find_inherited_setting(const Model& model, LocationId level,
                                                    std::string_view name);

/// The first argument of the directive in the level or around it; empty: there is none. Views
/// nothing.
[[nodiscard]] std::optional<std::string> inherited_value(const Model& model, LocationId level,
                                                         std::string_view name);

} // namespace upstream_lint
