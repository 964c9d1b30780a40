#pragma once

#include "configuration_generator.hpp"
#include "upstream_lint/nginx_build.hpp"

#include <set>
#include <string_view>

namespace upstream_lint::differential {

/// What may be planted.
struct ValueOptions {
    const NginxBuild* build = nullptr;
    const std::set<std::string_view>* skipped_names = nullptr; ///< not in the nginx at hand
};

/// A small configuration with a few directives of the table, in contexts where they may stand, with
/// values that fit, values that do not quite, and values of other directives. Nothing in it asks
/// for a file, a host or a port that the machine may not give.
[[nodiscard]] GeneratedConfiguration
generate_values(Random& random, const GeneratorOptions& options, const ValueOptions& values);

} // namespace upstream_lint::differential
