// A pattern over a small tree, against glob(3) of the C library over the same tree.

#include "property.hpp"
#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <dirent.h>
#include <glob.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <vector>

namespace upstream_lint::fuzz {
namespace {

// glob(3) itself takes exponential time for longer ones.
constexpr std::size_t max_pattern = 48;
constexpr std::size_t max_tree_lines = 40;
constexpr std::size_t max_links = 4;

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// One entry a line: `a/b` is a file, `a/b/` a folder, `a/b>TARGET` a link, `a/b!` cannot be read.
MemoryFileSystem tree_of(std::string_view text) {
    MemoryFileSystem files;
    files.add_directory("/");
    std::size_t links = 0;
    for (std::size_t i = 0; i < max_tree_lines && !text.empty(); ++i) {
        std::string line(take_line(text));
        if (line.empty() || line.size() > 200 || line.find('\0') != std::string::npos)
            continue;
        const std::size_t arrow = line.find('>');
        const std::string path = "/" + line.substr(0, arrow);
        if (arrow != std::string::npos) {
            if (++links <= max_links)
                files.add_symlink(path, line.substr(arrow + 1));
        } else if (line.ends_with('/')) {
            files.add_directory(path);
        } else if (line.ends_with('!')) {
            files.add_unreadable(path.substr(0, path.size() - 1), EACCES);
        } else {
            files.add(path, "x");
        }
    }
    return files;
}

// glob(3) gives its callbacks nothing to find the tree by.
thread_local const FileSystem* tree = nullptr;

struct OpenFolder {
    std::vector<DirectoryEntry> entries;
    std::size_t next = 0;
    dirent entry{};
};

void* open_folder(const char* path) {
    auto entries = tree->list(path);
    if (!entries) {
        errno = entries.error().code;
        return nullptr;
    }
    auto folder = std::make_unique<OpenFolder>();
    folder->entries = std::move(entries).value();
    folder->entries.push_back({"."});
    folder->entries.push_back({".."});
    return folder.release();
}

dirent* read_folder(void* opened) {
    auto* const folder = static_cast<OpenFolder*>(opened);
    while (folder->next != folder->entries.size()) {
        const std::string& name = folder->entries[folder->next++].name;
        if (name.size() >= sizeof folder->entry.d_name)
            continue;
        folder->entry.d_ino = 1;
        folder->entry.d_type = DT_UNKNOWN;
        std::copy_n(name.c_str(), name.size() + 1, folder->entry.d_name);
        return &folder->entry;
    }
    return nullptr;
}

void close_folder(void* opened) {
    delete static_cast<OpenFolder*>(opened);
}

int fill_status(const char* path, struct stat* found, Follow follow) {
    const auto status = tree->status(path, follow);
    if (!status) {
        errno = status.error().code;
        return -1;
    }
    *found = {};
    switch (status->kind) {
    case FileKind::directory:
        found->st_mode = S_IFDIR | 0755;
        break;
    case FileKind::symlink:
        found->st_mode = S_IFLNK | 0777;
        break;
    default:
        found->st_mode = S_IFREG | 0644;
        break;
    }
    return 0;
}

int status_followed(const char* path, struct stat* found) {
    return fill_status(path, found, Follow::yes);
}

int status_itself(const char* path, struct stat* found) {
    return fill_status(path, found, Follow::no);
}

std::vector<std::string> library_glob(const std::string& pattern) {
    glob_t found{};
    found.gl_opendir = open_folder;
    found.gl_readdir = read_folder;
    found.gl_closedir = close_folder;
    found.gl_stat = status_followed;
    found.gl_lstat = status_itself;
    std::vector<std::string> matches;
    if (::glob(pattern.c_str(), GLOB_ALTDIRFUNC, nullptr, &found) == 0)
        matches.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    ::globfree(&found);
    std::sort(matches.begin(), matches.end());
    return matches;
}

void check(std::string_view input) {
    const std::string pattern = "/" + std::string(take_line(input)).substr(0, max_pattern);
    const MemoryFileSystem files = tree_of(input);
    const auto matches = glob(files, pattern);
    require(matches.has_value(), "a small tree reaches no limit");
    require(std::is_sorted(matches->begin(), matches->end()), "matches come in byte order");
    if (pattern.find('\0') != std::string::npos)
        return;
    tree = &files;
    const std::vector<std::string> expected = library_glob(pattern);
    tree = nullptr;
    if (*matches != expected) {
        for (const std::string& match : *matches)
            std::fprintf(stderr, "ours:     [%s]\n", match.c_str());
        for (const std::string& match : expected)
            std::fprintf(stderr, "glob(3)'s: [%s]\n", match.c_str());
    }
    require(*matches == expected, "a pattern matches what glob(3) finds");
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check(upstream_lint::fuzz::as_text(data, size));
    return 0;
}
