#pragma once

#include "host/descriptor.hpp"
#include "upstream_lint/file_system.hpp"

#include <memory>
#include <string>

namespace upstream_lint {

/// What stands at `path` of the root `root` (`/proc/812/root`), every link followed inside it, not
/// opened (O_PATH; openat2(2)). Not open on failure, errno says why: ENOSYS before Linux 5.6.
[[nodiscard]] Descriptor open_below(const std::string& root, const std::string& path);

/// The files of a root; empty: `/`. No link leaves it.
[[nodiscard]] std::shared_ptr<const FileSystem> files_below(const std::string& root);

} // namespace upstream_lint
