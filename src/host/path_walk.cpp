#include "host/path_walk.hpp"

#include "facts/acl.hpp"
#include "host/descriptor.hpp"
#include "host/proc_files.hpp"
#include "source/path.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <fmt/format.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <vector>

namespace upstream_lint {

namespace {

constexpr int max_links = 40; // MAXSYMLINKS
constexpr std::size_t max_listed = 100'000;

PathComponent::Type type_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return PathComponent::Type::directory;
    case S_IFLNK:
        return PathComponent::Type::symlink;
    case S_IFSOCK:
        return PathComponent::Type::socket;
    case S_IFIFO:
        return PathComponent::Type::fifo;
    case S_IFCHR:
    case S_IFBLK:
        return PathComponent::Type::device;
    default:
        return PathComponent::Type::regular;
    }
}

std::string joined(std::string_view folder, std::string_view name) {
    return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

// What is behind a descriptor that was opened with O_PATH has no other name for calls that take
// one (open(2)).
std::string descriptor_path(int fd) {
    return fmt::format("/proc/self/fd/{}", fd);
}

struct Attribute {
    std::vector<std::uint8_t> bytes;
    ReadStatus status = ReadStatus::absent;
};

Attribute read_attribute(int fd, const char* name) {
    std::array<std::uint8_t, 4096> bytes{};
    const ssize_t size = ::getxattr(descriptor_path(fd).c_str(), name, bytes.data(), bytes.size());
    if (size >= 0)
        return {{bytes.begin(), bytes.begin() + size}, ReadStatus::ok};
    if (errno == ENODATA || errno == EOPNOTSUPP)
        return {};
    // ENOENT is /proc itself that is missing
    const ReadStatus status = status_of_errno(errno);
    return {{}, status == ReadStatus::absent ? ReadStatus::unsupported : status};
}

void read_acl(int fd, PathComponent& component) {
    const Attribute acl = read_attribute(fd, "system.posix_acl_access");
    component.acl_status = acl.status;
    if (acl.status != ReadStatus::ok)
        return;
    if (auto entries = parse_acl(acl.bytes))
        component.acl = std::move(*entries);
    else
        component.acl_status = ReadStatus::unsupported;
}

void read_label(int fd, PathComponent& component) {
    const Attribute label = read_attribute(fd, "security.selinux");
    component.label.assign(label.bytes.begin(), label.bytes.end());
    while (component.label.ends_with('\0'))
        component.label.pop_back();
}

// A file may be mounted over another (mount --bind).
bool is_mounted(int fd) {
    struct statx found {};

    return ::statx(fd, "", AT_EMPTY_PATH | AT_NO_AUTOMOUNT, STATX_TYPE, &found) == 0 &&
           (found.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

// The type that a listing does not tell on some file systems.
mode_t type_bits(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN)
        return static_cast<mode_t>(DTTOIF(entry.d_type));

    struct stat found {};

    if (::fstatat(folder, entry.d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return S_IFREG;
    return found.st_mode;
}

class Walk {
public:
    Walk(const std::string& root, const std::string& path) : root_(root.empty() ? "/" : root) {
        facts_.path = path;
        facts_.reading.source = root_;
    }

    PathFacts run() {
        const std::string_view path = system_path(facts_.path);
        if (!path.starts_with('/')) {
            facts_.reading.status = ReadStatus::unsupported;
            facts_.reading.reason =
                "a relative path starts at the folder that nginx was started in";
            return std::move(facts_);
        }
        Descriptor root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!root.is_open()) {
            fail(errno, "open()", root_);
            // whose root cannot be looked at may have the file all the same
            if (facts_.reading.status == ReadStatus::absent)
                facts_.reading.status = ReadStatus::unsupported;
            return std::move(facts_);
        }
        if (enter("/", std::move(root), "")) {
            put_in_front(path);
            while (!rest_.empty() && step()) {
            }
        }
        return std::move(facts_);
    }

private:
    struct Folder {
        std::string path;
        Descriptor descriptor;
    };

    // A path that ends in a slash is that of a folder, as if a dot followed.
    void put_in_front(std::string_view path) {
        if (path.ends_with('/'))
            rest_.emplace_back(".");
        while (!path.empty()) {
            const std::size_t slash = path.rfind('/');
            const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
            if (begin < path.size())
                rest_.emplace_back(path.substr(begin));
            path = path.substr(0, slash == std::string_view::npos ? 0 : slash);
        }
    }

    void fail(int code, const char* operation, std::string object) {
        facts_.error = errno_name(code);
        facts_.reading = failed_reading(system_error(code, operation, std::move(object)), root_);
        if (code == ELOOP)
            facts_.reading.status = ReadStatus::absent; // nothing can ever be reached by it
    }

    // One component. False when the walk has ended.
    bool step() {
        const std::string name = std::move(rest_.back());
        rest_.pop_back();
        if (name == ".")
            return finish_at_folder();
        if (name == "..") {
            if (folders_.size() > 1)
                folders_.pop_back();
            return finish_at_folder();
        }
        const Folder& folder = folders_.back();
        std::string path = joined(folder.path, name);
        Descriptor found(
            ::openat(folder.descriptor.get(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!found.is_open())
            return end_without(errno, std::move(path));
        return enter(std::move(path), std::move(found), name);
    }

    bool finish_at_folder() {
        if (!rest_.empty())
            return true;
        return finish(folders_.back().path, folders_.back().descriptor.get(),
                      PathComponent::Type::directory);
    }

    bool end_without(int code, std::string path) {
        fail(code, "openat()", path);
        if (code != ENOENT)
            return false;
        if (rest_.empty())
            list_siblings();
        else // the folder where it would be is not there either
            facts_.siblings_reading = failed_reading(system_error(ENOENT, "openat()", path), path);
        // where it would be, if what is missing were a folder
        for (auto name = rest_.rbegin(); name != rest_.rend(); ++name)
            path = joined(path, *name);
        facts_.resolved = lexical_path(path);
        return false;
    }

    // Takes down what stands at `path`. False when the walk has ended.
    bool enter(std::string path, Descriptor found, const std::string& name) {
        struct stat status {};

        if (::fstat(found.get(), &status) != 0) {
            fail(errno, "fstat()", path);
            return false;
        }
        PathComponent component{.path = path,
                                .type = type_of(status.st_mode),
                                .mode = status.st_mode & 07777U,
                                .uid = status.st_uid,
                                .gid = status.st_gid,
                                .device = status.st_dev,
                                .inode = status.st_ino,
                                .link_target = {},
                                .acl = {},
                                .acl_status = ReadStatus::not_asked,
                                .label = {}};
        if (component.type == PathComponent::Type::symlink)
            return follow(std::move(component), found.get());
        read_acl(found.get(), component);
        read_label(found.get(), component);
        const PathComponent::Type type = component.type;
        facts_.components.push_back(std::move(component));
        if (type == PathComponent::Type::directory) {
            folders_.push_back({std::move(path), std::move(found)});
            return name.empty() || finish_at_folder();
        }
        if (!rest_.empty()) {
            fail(ENOTDIR, "openat()", std::move(path));
            return false;
        }
        return finish(path, found.get(), type);
    }

    bool follow(PathComponent component, int link) {
        std::string target(path_max, '\0');
        const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
        const int code = errno;
        target.resize(static_cast<std::size_t>(std::max(size, ssize_t{0})));
        std::string path = component.path;
        component.link_target = target;
        facts_.components.push_back(std::move(component));
        if (size <= 0) {
            fail(size < 0 ? code : ENOENT, "readlinkat()", std::move(path));
            return false;
        }
        if (++links_ > max_links) {
            fail(ELOOP, "openat()", std::move(path));
            return false;
        }
        if (target.starts_with('/'))
            folders_.erase(folders_.begin() + 1, folders_.end());
        put_in_front(target);
        return true;
    }

    bool finish(const std::string& path, int found, PathComponent::Type type) {
        facts_.reading.status = ReadStatus::ok;
        facts_.resolved = path;
        facts_.is_mount_point = is_mounted(found);
        if (type != PathComponent::Type::socket && type != PathComponent::Type::directory)
            list_siblings();
        return false;
    }

    void list_siblings() {
        const int folder = folders_.back().descriptor.get();
        const std::string& path = folders_.back().path;
        Descriptor listed(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        const Directory directory(listed.is_open() ? ::fdopendir(listed.get()) : nullptr);
        if (!directory) {
            facts_.siblings_reading = failed_reading(system_error(errno, "opendir()", path), path);
            return;
        }
        static_cast<void>(listed.release()); // the directory's from here on
        facts_.siblings_reading = complete_reading(path);
        std::vector<Sibling>& siblings = facts_.siblings;
        while (const dirent* entry = ::readdir(directory.get())) { // NOLINT(concurrency-mt-unsafe)
            const std::string_view name = entry->d_name;
            if (name == "." || name == "..")
                continue;
            if (siblings.size() == max_listed) {
                facts_.siblings_reading.status = ReadStatus::partial;
                break;
            }
            siblings.push_back({std::string(name), type_of(type_bits(folder, *entry))});
        }
        keep_first_siblings();
    }

    void keep_first_siblings() {
        std::vector<Sibling>& siblings = facts_.siblings;
        std::ranges::sort(siblings, {}, &Sibling::name);
        if (siblings.size() > max_siblings) {
            siblings.resize(max_siblings);
            facts_.siblings_reading.status = ReadStatus::partial;
        }
        if (facts_.siblings_reading.status == ReadStatus::partial)
            facts_.siblings_reading.reason = fmt::format("only {} names are kept", max_siblings);
    }

    std::string root_;
    PathFacts facts_;
    std::vector<Folder> folders_;   // from the root to where the walk is
    std::vector<std::string> rest_; // of the path, the next one last
    int links_ = 0;
};

} // namespace

PathFacts read_path(const std::string& root, const std::string& path) {
    return Walk(root, path).run();
}

} // namespace upstream_lint
