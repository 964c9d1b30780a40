#pragma once

#include "upstream_lint/config.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace upstream_lint::test {

using Lines = std::vector<std::string>;

/// Each diagnostic as `MESSAGE@LINE`, or without a line where nginx gives no place.
inline Lines said(const Config& config) {
    Lines lines;
    for (const Diagnostic& diagnostic : config.diagnostics()) {
        const Span& place = diagnostic.nginx_place;
        lines.push_back(
            place.file.is_none()
                ? diagnostic.message
                : fmt::format("{}@{}", diagnostic.message,
                              config.sources().line_column(place.file, place.begin).line));
    }
    return lines;
}

} // namespace upstream_lint::test
