#pragma once

#include "resolve/assumptions.hpp"
#include "resolve/http_request.hpp"
#include "upstream_lint/file_system.hpp"

#include <cstdint>

namespace upstream_lint {

/// What nginx finds where it looks for a file.
enum class FoundFile : std::uint8_t {
    absent,
    file,
    directory,
    other,         ///< a socket, a FIFO, a device
    not_directory, ///< something above it is none
    denied,
};

/// Looks in the file system that is given, and else supposes.
class FileTests {
public:
    /// `files` may be null.
    FileTests(const FileSystem* files, Assumptions& assumptions) :
        files_(files), assumptions_(assumptions) {}

    [[nodiscard]] FoundFile find(const Value& path) const;

    /// `-x` of a file or folder that is there.
    [[nodiscard]] bool is_executable(const Value& path) const;

    /// Of a file that is there; nothing where files are not known.
    [[nodiscard]] std::optional<std::uint64_t> size(const Value& path) const;

private:
    const FileSystem* files_;
    Assumptions& assumptions_;
};

} // namespace upstream_lint
