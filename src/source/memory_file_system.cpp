#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <cerrno>
#include <utility>

namespace upstream_lint {
namespace {

// As most file systems report a small folder: not 0, so that nginx fails to read it as a file.
constexpr std::uint64_t directory_size = 4096;

// Keys below `folder` ("" is the root) lie in [folder + '/', folder + '0').
std::string first_below(std::string_view folder) {
    return std::string(folder).append(1, '/');
}

std::string first_behind(std::string_view folder) {
    return std::string(folder).append(1, '/' + 1);
}

std::string_view as_prefix(std::string_view folder) {
    return folder == "/" ? std::string_view() : folder;
}

} // namespace

void MemoryFileSystem::add(std::string_view path, std::string text) {
    add(path, Bytes(std::move(text)));
}

void MemoryFileSystem::add(std::string_view path, Bytes bytes) {
    add_entry(path, {FileKind::regular, std::move(bytes), {}, 0});
}

void MemoryFileSystem::add_symlink(std::string_view path, std::string target) {
    add_entry(path, {FileKind::symlink, {}, std::move(target), 0});
}

void MemoryFileSystem::add_special(std::string_view path, FileKind kind) {
    add_entry(path, {kind, {}, {}, 0});
}

void MemoryFileSystem::add_directory(std::string_view path) {
    add_entry(path, {FileKind::directory, {}, {}, 0});
}

void MemoryFileSystem::add_unreadable(std::string_view path, int code) {
    add_entry(path, {FileKind::regular, {}, {}, code});
}

Result<Bytes> MemoryFileSystem::read(std::string_view path) const {
    const Result<std::string> place = locate(path, Follow::yes, "open()");
    if (!place)
        return place.error();
    const auto found = entries_.find(*place);
    if (found == entries_.end() || found->second.kind == FileKind::directory)
        return system_error(EISDIR, "pread()", std::string(path));
    const Entry& entry = found->second;
    if (entry.error != 0)
        return system_error(entry.error, "open()", std::string(path));
    if (entry.kind == FileKind::fifo)
        return fifo_error(path);
    if (entry.kind == FileKind::socket)
        return system_error(ENXIO, "open()", std::string(path));
    if (entry.bytes.size() > max_file_size)
        return file_size_error(path);
    return entry.bytes;
}

Result<FileStatus> MemoryFileSystem::status(std::string_view path, Follow follow) const {
    const Result<std::string> place = locate(path, follow, "stat()");
    if (!place)
        return place.error();
    const auto found = entries_.find(*place);
    if (found == entries_.end() || found->second.kind == FileKind::directory)
        return FileStatus{FileKind::directory, directory_size};
    const Entry& entry = found->second;
    return FileStatus{entry.kind, entry.bytes.size() + entry.target.size()};
}

Result<std::vector<DirectoryEntry>> MemoryFileSystem::list(std::string_view path) const {
    const Result<std::string> place = locate(path, Follow::yes, "opendir()");
    if (!place)
        return place.error();
    const auto folder = entries_.find(*place);
    if (folder != entries_.end() && folder->second.kind != FileKind::directory)
        return system_error(ENOTDIR, "opendir()", std::string(path));

    std::vector<DirectoryEntry> names;
    const std::string below = first_below(as_prefix(*place));
    auto entry = entries_.lower_bound(below);
    while (entry != entries_.end() && entry->first.starts_with(below)) {
        const std::size_t end = entry->first.find('/', below.size());
        const std::string_view child = std::string_view(entry->first).substr(0, end);
        if (end == std::string::npos || !entries_.contains(child))
            names.push_back({std::string(child.substr(below.size()))});
        entry =
            end == std::string::npos ? std::next(entry) : entries_.lower_bound(first_behind(child));
    }
    return names;
}

Result<std::string> MemoryFileSystem::readlink(std::string_view path) const {
    const Result<std::string> place = locate(path, Follow::no, "readlink()");
    if (!place)
        return place.error();
    const auto found = entries_.find(*place);
    if (found == entries_.end() || found->second.kind != FileKind::symlink)
        return system_error(EINVAL, "readlink()", std::string(path));
    return found->second.target;
}

// A folder needs no entry of its own: it stands where an entry lies below it.
std::optional<FileKind> MemoryFileSystem::kind_at(std::string_view path) const {
    const auto found = entries_.find(path);
    if (found != entries_.end())
        return found->second.kind;
    const std::string below = first_below(path);
    const auto entry = entries_.lower_bound(below);
    if (entry != entries_.end() && entry->first.starts_with(below))
        return FileKind::directory;
    return std::nullopt;
}

Result<std::string> MemoryFileSystem::locate(std::string_view path, Follow follow,
                                             const char* operation) const {
    Result<PathEnd> end =
        walk_path(path, follow, [this](const std::string& at) -> Result<PathNode> {
            const std::optional<FileKind> kind = kind_at(at);
            if (!kind)
                return system_error(ENOENT, {}, {});
            return PathNode{*kind, kind == FileKind::symlink ? entries_.at(at).target : ""};
        });
    if (!end)
        return named(end.error(), operation, path);
    return std::move(end).value().path;
}

void MemoryFileSystem::add_entry(std::string_view path, Entry entry) {
    // What is missing or no folder on the way to `path` will be one.
    const Result<PathEnd> end =
        walk_path(path, Follow::no, [this](const std::string& at) -> Result<PathNode> {
            if (kind_at(at) == FileKind::symlink)
                return PathNode{FileKind::symlink, entries_.at(at).target};
            return PathNode{FileKind::directory, {}};
        });
    const std::string place = end ? end->path : lexical_path(system_path(path));
    if (place == "/")
        return;
    for (std::size_t slash = place.find('/', 1); slash != std::string::npos;
         slash = place.find('/', slash + 1)) {
        const auto folder = entries_.find(std::string_view(place).substr(0, slash));
        if (folder != entries_.end() && folder->second.kind != FileKind::directory)
            entries_.erase(folder);
    }
    if (entry.kind != FileKind::directory)
        entries_.erase(entries_.lower_bound(first_below(place)),
                       entries_.lower_bound(first_behind(place)));
    entries_.insert_or_assign(place, std::move(entry));
}

} // namespace upstream_lint
