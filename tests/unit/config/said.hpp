#pragma once

#include "support/main_name.hpp"
#include "upstream_lint/config.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>
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

/// All that is said of a configuration.
inline Lines said_of(const MemoryFileSystem& files, LoadOptions options = {}) {
    options.first_error_only = false;
    return said(load_config(files, main_name, options));
}

inline Lines said_of(const std::string& text, LoadOptions options = {}) {
    MemoryFileSystem files;
    files.add(main_name, text);
    return said_of(files, std::move(options));
}

} // namespace upstream_lint::test
