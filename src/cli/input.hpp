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

/// The nginx that the options name, else the one that is `known` to read the configuration, else
/// the newest. Stop says which option names none.
[[nodiscard]] std::variant<NginxBuild, Stop> build_of(const Options& options,
                                                      const std::optional<NginxBuild>& known);

/// How the command of the options reads a configuration.
[[nodiscard]] LoadOptions load_options(const Options& options, const Input& input);

/// A file that the job needs could not be read.
[[nodiscard]] Stop unreadable(const Error& error);

} // namespace upstream_lint::cli
