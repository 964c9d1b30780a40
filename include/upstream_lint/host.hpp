#pragma once

#include "upstream_lint/file_system.hpp"
#include "upstream_lint/result.hpp"
#include "upstream_lint/source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// The files of this machine as this process may read them. Relative paths start at its current
/// directory. Only regular files and directories are ever opened: looking at a device, a FIFO or a
/// socket has no effect on it. `read` costs four system calls for a regular file.
[[nodiscard]] std::shared_ptr<const FileSystem> real_file_system();

/// Everything up to the end of an open file, a pipe or a terminal; waits for it. Error code 0
/// beyond max_file_size.
[[nodiscard]] Result<Bytes> read_stream(int fd);

/// The absolute path of the current directory; empty when it has none (it was removed).
[[nodiscard]] std::string current_directory();

/// What this machine calls itself, as nginx asks for it (gethostname(2)).
[[nodiscard]] std::optional<std::string> machine_name();

/// Writes all of `text` to an open file; waits where it must. Nothing when it went well.
[[nodiscard]] std::optional<Error> write_stream(int fd, std::string_view text);

/// Makes the file or empties it, and writes `text`. Nothing when it went well.
[[nodiscard]] std::optional<Error> write_file(const std::string& path, std::string_view text);

[[nodiscard]] bool is_terminal(int fd);

} // namespace upstream_lint
