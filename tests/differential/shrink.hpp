#pragma once

#include "configuration_generator.hpp"

#include <functional>

namespace upstream_lint::differential {

/// Removes bytes and files as long as `still_differs` holds, so that a person has little to read.
/// Asks at most `most` times.
[[nodiscard]] GeneratedConfiguration
shrink(GeneratedConfiguration configuration, std::size_t most,
       const std::function<bool(const GeneratedConfiguration&)>& still_differs);

} // namespace upstream_lint::differential
