#pragma once

#include "upstream_lint/facts.hpp"
#include "upstream_lint/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

/// The name of an errno value: `ENOENT`.
[[nodiscard]] std::string errno_name(int code);

/// What an errno value says of a reading: denied (EACCES, EPERM), absent (ENOENT, ESRCH,
/// ECONNREFUSED), timeout, else unsupported.
[[nodiscard]] ReadStatus status_of_errno(int code);

/// A reading that failed: the status of `error`, and its words.
[[nodiscard]] Reading failed_reading(const Error& error, std::string source);

[[nodiscard]] Reading complete_reading(std::string source);

/// All of a file that the kernel writes as it is read (proc(5)), whose size is not known. Never
/// waits. At most 64 MiB; E2BIG beyond.
[[nodiscard]] Result<std::string> read_kernel_file(const std::string& path);

/// The beginning of such a file, of at most `size` bytes.
[[nodiscard]] Result<std::string> read_beginning(const std::string& path, std::size_t size);

/// The text of a symbolic link.
[[nodiscard]] Result<std::string> read_link(const std::string& path);

/// All processes of a proc file system, by their numbers.
[[nodiscard]] Result<std::vector<std::uint32_t>> list_processes(const std::string& proc);

/// Names in a folder without `.` and `..`, in byte order.
[[nodiscard]] Result<std::vector<std::string>> list_names(const std::string& folder);

/// `/proc/812/ns/net`
[[nodiscard]] std::string process_path(const std::string& proc, std::uint32_t pid,
                                       std::string_view name);

} // namespace upstream_lint
