#pragma once

#include "upstream_lint/resolution.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// As much of the compression of HTTP/2's headers (RFC 7541) as nginx uses towards upstreams.
namespace upstream_lint::differential {

/// Headers and pseudo headers, with names in lower case. Nothing where something else stands there.
[[nodiscard]] std::optional<std::vector<HeaderField>> decode_headers(std::string_view block);

/// Every field as a literal that is not indexed.
[[nodiscard]] std::string encode_headers(const std::vector<HeaderField>& fields);

} // namespace upstream_lint::differential
