#pragma once

#include "upstream_lint/model.hpp"

#include <string_view>

namespace upstream_lint {

/// The first directive of a name that stands directly in a level, or null. Views the model.
[[nodiscard]] const Setting* find_setting(const Model& model, LocationId level,
                                          std::string_view name);

/// The same in the level, else in the nearest one around it.
[[nodiscard]] const Setting* find_inherited_setting(const Model& model, LocationId level,
                                                    std::string_view name);

} // namespace upstream_lint
