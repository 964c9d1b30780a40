#pragma once

#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint::test {

/// The names in a directory, sorted, with a space behind each; or why it cannot be listed.
inline std::string listing(const FileSystem& files, std::string_view path) {
    Result<std::vector<DirectoryEntry>> listed = files.list(path);
    if (!listed)
        return listed.error().reason;
    std::vector<DirectoryEntry> entries = *listed;
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    std::string text;
    for (const DirectoryEntry& entry : entries)
        text += entry.name + ' ';
    return text;
}

} // namespace upstream_lint::test
