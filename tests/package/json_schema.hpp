#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace upstream_lint::testing {

/// Where and how `document` breaks `schema`: the keywords of JSON Schema 2020-12 that this
/// project's schemas use. Throws std::runtime_error for any other keyword, so that none is silently
/// without effect.
[[nodiscard]] std::vector<std::string> schema_problems(const nlohmann::json& schema,
                                                       const nlohmann::json& document);

} // namespace upstream_lint::testing
