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
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <utility>
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

struct Attribute {
    std::vector<std::uint8_t> bytes;
    ReadStatus status = ReadStatus::absent;
};

// `path` has no link in it.
Attribute read_attribute(const std::string& path, const char* name) {
    std::array<std::uint8_t, 4096> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init)
    const ssize_t size = ::lgetxattr(path.c_str(), name, bytes.data(), bytes.size());
    if (size >= 0)
        return {{bytes.begin(), bytes.begin() + size}, ReadStatus::ok};
    if (errno == ENODATA || errno == EOPNOTSUPP)
        return {};
    // what was seen there is gone
    const ReadStatus status = status_of_errno(errno);
    return {{}, status == ReadStatus::absent ? ReadStatus::unsupported : status};
}

void read_acl(const std::string& path, PathComponent& component) {
    const Attribute acl = read_attribute(path, "system.posix_acl_access");
    component.acl_status = acl.status;
    if (acl.status != ReadStatus::ok)
        return;
    if (auto entries = parse_acl(acl.bytes))
        component.acl = std::move(*entries);
    else
        component.acl_status = ReadStatus::unsupported;
}

void read_label(const std::string& path, PathComponent& component) {
    const Attribute label = read_attribute(path, "security.selinux");
    component.label.assign(label.bytes.begin(), label.bytes.end());
    while (component.label.ends_with('\0'))
        component.label.pop_back();
}

// What stands there now, and whether something is mounted on it: a file may be mounted over
// another (mount --bind).
struct Standing {
    struct statx status {};

    int error = 0;

    [[nodiscard]] PathComponent::Type type() const { return type_of(status.stx_mode); }

    [[nodiscard]] bool is_mounted() const {
        return (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
    }
};

Standing look_at(int folder, const char* name, int flags) {
    Standing found;
    if (::statx(folder, name, flags | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS,
                &found.status) != 0)
        found.error = errno;
    return found;
}

// A folder on the way from the root.
struct Folder {
    std::string path;
    Descriptor descriptor;
    std::shared_ptr<const Folder> parent; // none: it is the root
};

using FolderRef = std::shared_ptr<const Folder>;

// How far a walk has come.
struct Way {
    FolderRef folder;
    std::vector<PathComponent> components;
    int links = 0;
};

// The type that a listing does not tell on some file systems.
mode_t type_bits(int folder, const dirent& entry) {
    if (entry.d_type != DT_UNKNOWN)
        return static_cast<mode_t>(DTTOIF(entry.d_type));

    struct stat found {};

    if (::fstatat(folder, entry.d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
        return S_IFREG;
    return found.st_mode;
}

// The folder of a path as it is written, and the name in it. No name: the path is that of a folder.
std::pair<std::string_view, std::string_view> split(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    const std::string_view name = path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
        return {path, ""};
    return {path.substr(0, slash + 1), name};
}

} // namespace

struct PathReader::State {
    std::string root;
    Labels labels = Labels::read;
    std::string folder; // the last one, as it was written
    Way way;            // to it
};

namespace {

class Walk {
public:
    Walk(const std::string& root, Labels labels, const std::string& path) :
        root_(root), labels_(labels) {
        facts_.path = path;
        facts_.reading.source = root_;
    }

    // From the root, or from a folder that the path begins with. What was found of the path's own
    // folder is written there.
    PathFacts run(std::string& known_folder, Way& known) {
        const std::string_view path = system_path(facts_.path);
        if (!path.starts_with('/')) {
            facts_.reading.status = ReadStatus::unsupported;
            facts_.reading.reason =
                "a relative path starts at the folder that nginx was started in";
            return std::move(facts_);
        }
        const auto [folder, name] = split(path);
        if (!name.empty() && folder == known_folder) {
            way_.components.reserve(known.components.size() + 1);
            way_ = known;
            rest_.emplace_back(name);
        } else if (enter_root()) {
            put_in_front(path);
        }
        bool is_noted = name.empty();
        while (!rest_.empty()) {
            if (!is_noted && rest_.size() == 1) {
                is_noted = true;
                known_folder = folder;
                known = way_;
            }
            if (!step())
                break;
        }
        facts_.components = std::move(way_.components);
        return std::move(facts_);
    }

private:
    bool enter_root() {
        Descriptor root(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!root.is_open()) {
            fail(errno, "open()", root_);
            // whose root cannot be looked at may have the file all the same
            if (facts_.reading.status == ReadStatus::absent)
                facts_.reading.status = ReadStatus::unsupported;
            return false;
        }
        const Standing found = look_at(root.get(), "", AT_EMPTY_PATH);
        if (found.error != 0) {
            fail(found.error, "statx()", "/");
            return false;
        }
        take_down(component_of("/", found));
        way_.folder = std::make_shared<const Folder>(Folder{"/", std::move(root), nullptr});
        return true;
    }

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
            if (way_.folder->parent)
                way_.folder = way_.folder->parent;
            return finish_at_folder();
        }
        std::string path = joined(way_.folder->path, name);
        const int folder = way_.folder->descriptor.get();
        if (rest_.empty()) {
            const Standing found = look_at(folder, name.c_str(), 0);
            if (found.error != 0)
                return end_without(found.error, "statx()", std::move(path));
            if (found.type() != PathComponent::Type::directory &&
                found.type() != PathComponent::Type::symlink)
                return finish_at_file(std::move(path), found);
        }
        Descriptor opened(::openat(folder, name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
        if (!opened.is_open())
            return end_without(errno, "openat()", std::move(path));
        return enter(std::move(path), std::move(opened));
    }

    bool finish_at_folder() {
        return !rest_.empty() ||
               finish(way_.folder->path, look_at(way_.folder->descriptor.get(), "", AT_EMPTY_PATH));
    }

    bool finish_at_file(std::string path, const Standing& found) {
        take_down(component_of(path, found));
        return finish(std::move(path), found);
    }

    bool end_without(int code, const char* operation, std::string path) {
        fail(code, operation, path);
        if (code != ENOENT)
            return false;
        if (rest_.empty())
            list_siblings();
        else // the folder where it would be is not there either
            facts_.siblings_reading = failed_reading(system_error(ENOENT, operation, path), path);
        // where it would be, if what is missing were a folder
        for (auto name = rest_.rbegin(); name != rest_.rend(); ++name)
            path = joined(path, *name);
        facts_.resolved = lexical_path(path);
        return false;
    }

    // Goes to what was opened at `path`. False when the walk has ended.
    bool enter(std::string path, Descriptor opened) {
        const Standing found = look_at(opened.get(), "", AT_EMPTY_PATH);
        if (found.error != 0) {
            fail(found.error, "statx()", std::move(path));
            return false;
        }
        if (found.type() == PathComponent::Type::symlink)
            return follow(component_of(path, found), opened.get());
        if (found.type() == PathComponent::Type::directory) {
            take_down(component_of(path, found));
            way_.folder = std::make_shared<const Folder>(
                Folder{std::move(path), std::move(opened), way_.folder});
            return finish_at_folder();
        }
        if (rest_.empty())
            return finish_at_file(std::move(path), found);
        take_down(component_of(path, found));
        fail(ENOTDIR, "openat()", std::move(path));
        return false;
    }

    [[nodiscard]] static PathComponent component_of(std::string path, const Standing& found) {
        const struct statx& status = found.status;
        PathComponent component;
        component.path = std::move(path);
        component.type = found.type();
        component.mode = status.stx_mode & 07777U;
        component.uid = status.stx_uid;
        component.gid = status.stx_gid;
        component.device = ::makedev(status.stx_dev_major, status.stx_dev_minor);
        component.inode = status.stx_ino;
        return component;
    }

    void take_down(PathComponent component) {
        const std::string path = root_.ends_with('/') ? component.path : root_ + component.path;
        read_acl(path, component);
        if (labels_ == Labels::read)
            read_label(path, component);
        way_.components.push_back(std::move(component));
    }

    bool follow(PathComponent component, int link) {
        std::string target(path_max, '\0');
        const ssize_t size = ::readlinkat(link, "", target.data(), target.size());
        const int code = errno;
        target.resize(static_cast<std::size_t>(std::max(size, ssize_t{0})));
        std::string path = component.path;
        component.link_target = target;
        way_.components.push_back(std::move(component));
        if (size <= 0) {
            fail(size < 0 ? code : ENOENT, "readlinkat()", std::move(path));
            return false;
        }
        if (++way_.links > max_links) {
            fail(ELOOP, "openat()", std::move(path));
            return false;
        }
        while (target.starts_with('/') && way_.folder->parent)
            way_.folder = way_.folder->parent;
        put_in_front(target);
        return true;
    }

    bool finish(std::string path, const Standing& found) {
        facts_.reading.status = ReadStatus::ok;
        facts_.resolved = std::move(path);
        facts_.is_mount_point = found.error == 0 && found.is_mounted();
        if (found.type() != PathComponent::Type::socket &&
            found.type() != PathComponent::Type::directory)
            list_siblings();
        return false;
    }

    void list_siblings() {
        const int folder = way_.folder->descriptor.get();
        const std::string& path = way_.folder->path;
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

    const std::string& root_;
    Labels labels_;
    PathFacts facts_;
    Way way_;
    std::vector<std::string> rest_; // of the path, the next one last
};

} // namespace

PathReader::PathReader(std::string root, Labels labels) :
    state_(std::make_unique<State>(State{root.empty() ? "/" : std::move(root), labels, "", {}})) {}

PathReader::PathReader(PathReader&& other) noexcept = default;
PathReader& PathReader::operator=(PathReader&& other) noexcept = default;
PathReader::~PathReader() = default;

PathFacts PathReader::read(const std::string& path) {
    return Walk(state_->root, state_->labels, path).run(state_->folder, state_->way);
}

} // namespace upstream_lint
