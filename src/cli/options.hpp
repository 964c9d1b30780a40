#pragma once

#include "upstream_lint/file_system.hpp"
#include "upstream_lint/nginx_build.hpp"
#include "upstream_lint/resolution.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace upstream_lint::cli {

enum class Command { check, test, dump, route, routes, snapshot, explain };
enum class Format { text, json, jsonl, gcc, dot, mermaid };
enum class FailOn { error, warning, never };
enum class ProbeMode { none, connect, full };
enum class Color { automatic, always, never };

/// The command line, read. Paths are as they were given.
struct Options {
    Command command = Command::check;

    std::optional<std::string> conf; ///< `-` is standard input
    std::optional<std::string> root;
    std::vector<PathMapping> mappings;
    std::optional<std::string> prefix;
    std::optional<Context> context;
    std::optional<Version> nginx_version;
    std::vector<std::string> modules; ///< stems of shared objects, or `all`
    std::optional<std::string> nginx;

    Format format = Format::text;
    std::optional<std::string> output;
    Color color = Color::automatic;
    FailOn fail_on = FailOn::error;
    bool all = false;

    bool combine = false;
    bool comments = false;
    bool spans = false;
    unsigned indent = 0;

    std::vector<std::string> urls;
    Request request;                     ///< what each of the URLs is asked with; its own is empty
    std::optional<std::string> requests; ///< a file; `-` is standard input
    bool why = false;

    /// Where facts come from: `live`, `none`, or the path of a snapshot. Empty: as it fits CONF.
    std::vector<std::string> facts;
    ProbeMode probe = ProbeMode::none;
    bool require_facts = false;
    bool show_unknown = false;
    std::string instance; ///< a process, unit or container; empty: every nginx that runs
    bool with_config = false;

    std::string rule; ///< what `explain` is asked for; empty: the list of rules

    std::string to; ///< what `routes` lead to; empty: everything
};

/// There is nothing to run: help that was asked for, or a wrong command line.
struct Stop {
    int status = 0;
    std::string text; ///< for standard output when status is 0, else for standard error
};

[[nodiscard]] std::variant<Options, Stop> parse_options(int argc, const char* const* argv);

} // namespace upstream_lint::cli
