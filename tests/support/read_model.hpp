#pragma once

#include "support/main_name.hpp"
#include "upstream_lint/model.hpp"

#include <doctest/doctest.h>
#include <optional>
#include <string>
#include <utility>

namespace upstream_lint::test {

/// The model of a configuration behind an empty `events`; none where nginx would refuse it.
inline std::optional<Model> try_read_model(const std::string& text,
                                           NginxBuild build = official_build(newest_tested_version),
                                           const char* name = main_name) {
    MemoryFileSystem files;
    files.add(name, "events {}\n" + text);
    LoadOptions options;
    options.keep_blocks = true;
    options.build = std::move(build);
    return build_model(load_config(files, name, options));
}

inline Model read_model(const std::string& text, Version version = newest_tested_version) {
    auto model = try_read_model(text, official_build(version));
    REQUIRE_MESSAGE(model, text);
    return *std::move(model);
}

/// The same of one server of `http` with these locations.
inline std::optional<Model> try_read_server(const std::string& locations) {
    return try_read_model("http { server { listen 127.0.0.1:8080;\n" + locations + "\n} }");
}

inline Model read_server(const std::string& locations) {
    auto model = try_read_server(locations);
    REQUIRE_MESSAGE(model, locations);
    return *std::move(model);
}

} // namespace upstream_lint::test
