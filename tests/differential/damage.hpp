#pragma once

#include "configuration_generator.hpp"
#include "random.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

/// A directive that can be put where it may or may not stand.
struct ForeignDirective {
    std::string_view name;
    bool block = false;
    std::uint32_t good_counts = 0; ///< bit N: N arguments are right
};

struct DamageOptions {
    /// Directives of the modules that are loaded, and of those that are not.
    std::span<const ForeignDirective> known;
    std::span<const ForeignDirective> unknown;
    bool lua = false;
    std::string module_path; ///< an object that exists; may be empty
};

/// Breaks `configuration` in one to three places, or rarely in none, and notes how.
void damage(GeneratedConfiguration& configuration, Random& random, const DamageOptions& options);

} // namespace upstream_lint::differential
