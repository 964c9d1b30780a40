#include "source/path.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

namespace upstream_lint {
namespace {

constexpr unsigned max_links = 40; // Linux: MAXSYMLINKS

Error walk_error(int code) {
    return system_error(code, {}, {});
}

void go_up(std::string& path) {
    if (!path.empty())
        path.erase(path.rfind('/'));
}

class PathWalk {
public:
    PathWalk(std::string_view path, Follow follow, const PathLookup& lookup) :
        lookup_(lookup), follow_(follow), pending_(path) {}

    Result<PathEnd> run() {
        while (!left_ && next_component()) {
            if (std::optional<Error> failure = step())
                return *std::move(failure);
        }
        if (walked_.empty())
            walked_ = "/";
        return PathEnd{std::move(walked_), left_ ? std::move(pending_) : std::string()};
    }

private:
    bool next_component() {
        const std::size_t begin = pending_.find_first_not_of('/', behind_);
        if (begin == std::string::npos)
            return false;
        behind_ = std::min(pending_.find('/', begin), pending_.size());
        component_ = std::string_view(pending_).substr(begin, behind_ - begin);
        return true;
    }

    std::optional<Error> step() {
        if (component_ == ".")
            return std::nullopt;
        if (component_ == "..") {
            go_up(walked_);
            return std::nullopt;
        }
        if (component_.size() > name_max)
            return walk_error(ENAMETOOLONG);
        return enter();
    }

    // Anything behind a component, a slash alone too, asks for a directory.
    [[nodiscard]] bool is_last() const { return behind_ == pending_.size(); }

    std::optional<Error> enter() {
        walked_.append(1, '/').append(component_);
        const Result<PathNode> found = lookup_(walked_);
        if (!found)
            return found.error();
        if (found->kind == FileKind::symlink && (!is_last() || follow_ == Follow::yes))
            return follow_link(*found);
        if (!is_last() && found->kind != FileKind::directory)
            return walk_error(ENOTDIR);
        return std::nullopt;
    }

    std::optional<Error> follow_link(const PathNode& link) {
        if (++links_ > max_links)
            return walk_error(ELOOP);
        if (link.target.empty())
            return walk_error(ENOENT);
        if (link.target.size() >= path_max)
            return walk_error(ENAMETOOLONG);
        pending_ = link.target + pending_.substr(behind_);
        behind_ = 0;
        go_up(walked_);
        left_ = link.leaves;
        if (!left_ && pending_.front() == '/')
            walked_.clear();
        return std::nullopt;
    }

    const PathLookup& lookup_;
    Follow follow_;
    std::string pending_;
    std::size_t behind_ = 0;     // of pending_: the end of component_
    std::string_view component_; // of pending_
    std::string walked_;         // "" is the root
    unsigned links_ = 0;
    bool left_ = false;
};

} // namespace

std::string_view system_path(std::string_view path) {
    return path.substr(0, path.find('\0'));
}

std::string lexical_path(std::string_view path) {
    std::string result;
    std::size_t behind = 0;
    while (true) {
        const std::size_t begin = path.find_first_not_of('/', behind);
        if (begin == std::string_view::npos)
            break;
        behind = std::min(path.find('/', begin), path.size());
        const std::string_view component = path.substr(begin, behind - begin);
        if (component == "..")
            go_up(result);
        else if (component != ".")
            result.append(1, '/').append(component);
    }
    return result.empty() ? "/" : result;
}

bool is_at_or_below(std::string_view path, std::string_view folder) {
    if (folder == "/")
        return true;
    return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

Result<PathEnd> walk_path(std::string_view path, Follow follow, const PathLookup& lookup) {
    path = system_path(path);
    if (path.empty())
        return walk_error(ENOENT);
    if (path.size() >= path_max)
        return walk_error(ENAMETOOLONG);
    return PathWalk(path, follow, lookup).run();
}

Result<PathNode> look_up(const FileSystem& files, const std::string& path) {
    const Result<FileStatus> status = files.status(path, Follow::no);
    if (!status)
        return status.error();
    if (status->kind != FileKind::symlink)
        return PathNode{status->kind, {}};
    Result<std::string> target = files.readlink(path);
    if (!target)
        return target.error();
    return PathNode{FileKind::symlink, std::move(target).value()};
}

Error named(Error error, std::string_view operation, std::string_view object) {
    error.operation = operation;
    error.object = object;
    return error;
}

Error fifo_error(std::string_view path) {
    return {0, "open()", std::string(path), "a named pipe: nginx would wait for its writer"};
}

Error file_size_error(std::string_view path) {
    return {0, "read()", std::string(path), "larger than 2 GiB"};
}

Result<std::string> resolve_path(const FileSystem& files, std::string_view path, Follow follow) {
    Result<PathEnd> end =
        walk_path(path, follow, [&files](const std::string& at) { return look_up(files, at); });
    if (!end)
        return named(end.error(), "realpath()", path);
    return std::move(end).value().path;
}

} // namespace upstream_lint
