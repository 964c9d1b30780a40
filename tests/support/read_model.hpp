#pragma once

#include "upstream_lint/model.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <utility>

namespace upstream_lint::test {

/// The model of a configuration behind an empty `events`; none where nginx would refuse it.
inline std::optional<Model> try_read_model(const std::string& text,
                                           NginxBuild build = official_build(newest_tested_version),
                                           const char* main_name = "/etc/nginx/nginx.conf") {
    MemoryFileSystem files;
    files.add(main_name, "events {}\n" + text);
    LoadOptions options;
    options.keep_blocks = true;
    options.build = std::move(build);
    return build_model(load_config(files, main_name, options));
}

inline Model read_model(const std::string& text, Version version = newest_tested_version) {
    auto model = try_read_model(text, official_build(version));
    REQUIRE_MESSAGE(model, text);
    return *std::move(model);
}

} // namespace upstream_lint::test
