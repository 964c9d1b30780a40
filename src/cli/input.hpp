#pragma once

#include "cli/options.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/render.hpp"

#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace upstream_lint::cli {

/// Which configuration is meant, and what nginx it is for.
struct Input {
    std::shared_ptr<const FileSystem> files;
    std::string main_name; ///< as the configuration would name it
    NginxBuild build;
    std::string prefix;
    /// The files of the machine that nginx runs on, for tests of files on the way of a request:
    /// those of --root, or of this machine where its own configuration is read. Null: not known.
    std::shared_ptr<const FileSystem> served_files;
    /// What that machine is called; none: not known.
    std::optional<std::string> hostname;
};

/// Finds CONF, or without one the configuration of the nginx installed here. Stop says what is
/// wrong with the command line, or which file could not be read.
[[nodiscard]] std::variant<Input, Stop> find_input(const Options& options);

} // namespace upstream_lint::cli
