#pragma once

#include "upstream_lint/file_system.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace upstream_lint {

/// Linux: the size of the buffer a path with its NUL must fit in, and of a directory entry's name.
inline constexpr std::size_t path_max = 4096;
inline constexpr std::size_t name_max = 255;

/// The part of `path` in front of the first NUL: what a system call would see of it.
[[nodiscard]] std::string_view system_path(std::string_view path);

/// `path` from the root on without `.`, `..` and double slashes, links not looked at. "/" for "".
[[nodiscard]] std::string lexical_path(std::string_view path);

/// `path` is `folder` or lies below it. Both are lexical paths.
[[nodiscard]] bool is_at_or_below(std::string_view path, std::string_view folder);

/// What stands at a path, links not followed.
struct PathNode {
    FileKind kind = FileKind::regular;
    std::string target;  ///< of a symbolic link
    bool leaves = false; ///< the link leads out of what the lookup can see: the walk stops at it
};

/// Gets absolute paths whose folders have been looked up before and are directories.
using PathLookup = std::function<Result<PathNode>(const std::string& path)>;

/// Where a walk ended.
struct PathEnd {
    std::string path; ///< free of `.`, `..`, double slashes and links
    /// After a link that leaves: the link's target and what follows it; `path` is the link's
    /// folder.
    std::string left_by;
};

/// Walks `path` as the kernel would (Linux fs/namei.c, path_resolution(7)). A relative path starts
/// at the root. Errors carry a code only; `named` gives them their operation and object.
[[nodiscard]] Result<PathEnd> walk_path(std::string_view path, Follow follow,
                                        const PathLookup& lookup);

/// What stands at `path` of `files`.
[[nodiscard]] Result<PathNode> look_up(const FileSystem& files, const std::string& path);

/// The same failure, told of what the caller had been asked for.
[[nodiscard]] Error named(Error error, std::string_view operation, std::string_view object);

/// Why a file that exists is not read.
[[nodiscard]] Error fifo_error(std::string_view path);
[[nodiscard]] Error file_size_error(std::string_view path);

} // namespace upstream_lint
