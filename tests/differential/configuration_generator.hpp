#pragma once

#include "random.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace upstream_lint::differential {

/// A file of a generated configuration.
struct GeneratedFile {
    std::string path; ///< relative to the folder of the main file
    std::string text;
};

/// Everything nginx reads for one case. The first file is the main one.
struct GeneratedConfiguration {
    std::vector<GeneratedFile> files;
    std::vector<std::string> directories;
    std::vector<std::pair<std::string, std::string>> links; ///< symbolic: path, target
    std::string damage; ///< what was done to it, for people; empty when it is as generated
};

/// What the nginx at hand can read.
struct GeneratorOptions {
    std::string folder;          ///< absolute, without a final slash: where the files will stand
    bool stream = false;         ///< ngx_stream_module is loaded
    bool mail = false;           ///< ngx_mail_module
    bool lua = false;            ///< ngx_http_lua_module
    bool geo_patterns = false;   ///< `include` in `geo` takes patterns (since nginx 1.29.8)
    bool own_temp_paths = false; ///< nginx may not write to its compiled-in temporary folders
};

/// A configuration that nginx accepts: directives with values known to be good, in random number,
/// order, nesting and spelling, spread over included files.
[[nodiscard]] GeneratedConfiguration generate_configuration(Random& random,
                                                            const GeneratorOptions& options);

} // namespace upstream_lint::differential
