#pragma once

#include "random.hpp"
#include "requests/config_text.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace upstream_lint::differential {

/// Writes `map`, `geo` and `split_clients` blocks and names their variables: `$m0` to `$m4` of
/// maps,
/// `$to` of a map with addresses of `ports`, `$g0` and `$g1` of geo, `$s0` of split_clients.
void add_variable_maps(ConfigText& config, Random& random, const std::vector<std::uint16_t>& ports);

} // namespace upstream_lint::differential
