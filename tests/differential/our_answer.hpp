#pragma once

#include "configuration_generator.hpp"
#include "nginx_message.hpp"
#include "upstream_lint/config.hpp"
#include "upstream_lint/file_system.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::differential {

/// What the library or the command says of a configuration.
struct OurAnswer {
    std::optional<Refusal> refusal;  ///< the first error; nothing where it is accepted
    std::string problem;             ///< set when there is no answer to compare
    std::vector<Refusal> refusals{}; ///< that one, or all that were asked for
};

/// The diagnostics of level error or above, as nginx would print them.
[[nodiscard]] std::vector<Refusal> refusals_of(const Config& config);

enum class Errors : std::uint8_t { first, every };

/// Loads `main_file` as the main context of `build`.
[[nodiscard]] OurAnswer ask_library(const FileSystem& files, const std::string& main_file,
                                    const NginxBuild& build, Errors errors = Errors::first);

/// The command under test: what `test` prints and its exit status.
struct LintCommand {
    std::string binary;
    std::string nginx; ///< an nginx executable or a saved `nginx -V`
    std::vector<std::string> stems;
};

[[nodiscard]] OurAnswer ask_command(const LintCommand& command, const std::string& main_file);

/// The build that `version_text` (`nginx -V`) describes, with the modules of the objects loaded.
/// Nothing when the text or a stem is not known.
[[nodiscard]] std::optional<NginxBuild> build_with_modules(std::string_view version_text,
                                                           const std::vector<std::string>& stems);

/// The files of a configuration as they stand in `folder`, which is absolute.
[[nodiscard]] MemoryFileSystem in_memory(const GeneratedConfiguration& configuration,
                                         const std::string& folder);

/// Writes them there; the folder is emptied first.
void write_files(const GeneratedConfiguration& configuration, const std::string& folder);

} // namespace upstream_lint::differential
