#include "host/descriptor.hpp"
#include "source/large_pages.hpp"
#include "source/path.hpp"
#include "upstream_lint/host.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <new>
#include <optional>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace upstream_lint {
namespace {

Error last_error(const char* operation, std::string_view object) {
    return system_error(errno, operation, std::string(object));
}

// The part of a path in front of the first NUL, as system calls take it.
class CPath {
public:
    explicit CPath(std::string_view path) : path_(system_path(path)) {
        if (path_.size() >= bytes_.size()) {
            // one byte more than the kernel takes gives its own error for whatever is longer
            path_ = path_.substr(0, bytes_.size() - 1);
        }
        *std::copy(path_.begin(), path_.end(), bytes_.begin()) = '\0';
    }

    [[nodiscard]] const char* get() const { return bytes_.data(); }

private:
    std::string_view path_;
    std::array<char, path_max + 1> bytes_; // NOLINT(cppcoreguidelines-pro-type-member-init)
};

FileKind kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
    case S_IFDIR:
        return FileKind::directory;
    case S_IFLNK:
        return FileKind::symlink;
    case S_IFIFO:
        return FileKind::fifo;
    case S_IFSOCK:
        return FileKind::socket;
    case S_IFCHR:
        return FileKind::character_device;
    case S_IFBLK:
        return FileKind::block_device;
    default:
        return FileKind::regular;
    }
}

std::optional<FileKind> listed_kind(unsigned char type) {
    if (type == DT_UNKNOWN)
        return std::nullopt;
    return kind_of(static_cast<mode_t>(DTTOIF(type)));
}

FileStatus status_of(const struct stat& status) {
    return {kind_of(status.st_mode), static_cast<std::uint64_t>(status.st_size),
            (status.st_mode & S_IXUSR) != 0};
}

int open_for_reading(const char* path) {
    while (true) {
        const int fd = ::open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (fd >= 0 || errno != EINTR)
            return fd;
    }
}

// Like read(2), but goes on after a signal.
ssize_t read_some(int fd, char* to, std::size_t size) {
    while (true) {
        const ssize_t got = ::read(fd, to, size);
        if (got >= 0 || errno != EINTR)
            return got;
    }
}

constexpr std::size_t small_size = std::size_t{16} * 1024;

// A file's bytes while they are read.
struct Buffer {
    std::shared_ptr<char[]> data;
    std::size_t capacity = 0;
    std::size_t filled = 0;

    void grow(std::size_t size) {
        std::shared_ptr<char[]> larger = allocate_for_filling(size);
        if (filled != 0)
            std::memcpy(larger.get(), data.get(), filled);
        data = std::move(larger);
        capacity = size;
    }
};

// Reads until `wanted` bytes are there or the file ends; a read may bring what else has room.
bool fill(int fd, Buffer& buffer, std::size_t wanted) {
    while (buffer.filled < wanted) {
        const ssize_t got =
            read_some(fd, buffer.data.get() + buffer.filled, buffer.capacity - buffer.filled);
        if (got < 0)
            return false;
        if (got == 0)
            break;
        buffer.filled += static_cast<std::size_t>(got);
    }
    return true;
}

// The file that was opened is not the one that was looked at, or has grown. nginx reads as much as
// there is when it has opened it.
Result<Bytes> read_changed(int fd, std::string_view path, Buffer buffer) {
    struct stat found {};

    if (::fstat(fd, &found) != 0)
        return last_error("fstat()", path);
    const FileStatus status = status_of(found);
    if (status.kind != FileKind::regular)
        return Bytes();
    if (status.size > max_file_size)
        return file_size_error(path);
    if (status.size > buffer.capacity)
        buffer.grow(status.size);
    if (!fill(fd, buffer, status.size))
        return last_error("read()", path);
    return Bytes(std::move(buffer.data), std::min(buffer.filled, std::size_t{status.size}));
}

// Most files of a configuration are small: their size need not be known to read them whole.
Result<Bytes> read_listed(std::string_view path, ByteStore& store) {
    const Descriptor file(open_for_reading(CPath(path).get()));
    if (file.get() < 0)
        return last_error("open()", path);
    Buffer buffer{.data = store.take(small_size), .capacity = small_size};
    const ssize_t got = read_some(file.get(), buffer.data.get(), small_size);
    buffer.filled = static_cast<std::size_t>(std::max(got, ssize_t{0}));
    store.give_back(small_size - buffer.filled);
    if (got < 0)
        return last_error("read()", path);
    if (buffer.filled < small_size)
        return Bytes(std::move(buffer.data), buffer.filled);
    return read_changed(file.get(), path, std::move(buffer));
}

// Room for one byte more shows in a single read that the file is no larger than it was said to be.
Result<Bytes> read_of_size(std::string_view path, std::size_t size) {
    const Descriptor file(open_for_reading(CPath(path).get()));
    if (file.get() < 0)
        return last_error("open()", path);
    Buffer buffer;
    if (size != 0) {
        buffer.grow(size + 1);
        if (!fill(file.get(), buffer, size))
            return last_error("read()", path);
        if (buffer.filled <= size)
            return Bytes(std::move(buffer.data), buffer.filled);
    }
    return read_changed(file.get(), path, std::move(buffer));
}

// open(2) has effects on what is no regular file: a waiting writer goes on, a watchdog starts, a
// tape is wound back.
Result<Bytes> read_unopened(std::string_view path, const FileStatus& status) {
    if (::faccessat(AT_FDCWD, CPath(path).get(), R_OK, AT_EACCESS) != 0)
        return last_error("open()", path);
    switch (status.kind) {
    case FileKind::fifo:
        return fifo_error(path);
    case FileKind::socket:
        return system_error(ENXIO, "open()", std::string(path));
    case FileKind::directory:
        if (status.size != 0)
            return system_error(EISDIR, "pread()", std::string(path));
        return Bytes();
    default:
        return Bytes();
    }
}

template <typename Read> Result<Bytes> within_memory(std::string_view path, Read read) {
    try {
        return read();
    } catch (const std::bad_alloc&) {
        return system_error(ENOMEM, "read()", std::string(path));
    }
}

class RealFileSystem : public FileSystem {
public:
    Result<Bytes> read(std::string_view asked) const override {
        const std::string_view path = system_path(asked);

        struct stat found {};

        if (::stat(CPath(path).get(), &found) != 0)
            return last_error("open()", path);
        const FileStatus status = status_of(found);
        if (status.kind != FileKind::regular)
            return read_unopened(path, status);
        if (status.size > max_file_size)
            return file_size_error(path);
        return within_memory(path, [&] { return read_of_size(path, status.size); });
    }

    Result<Bytes> read_regular(std::string_view asked, ByteStore& store) const override {
        const std::string_view path = system_path(asked);
        return within_memory(path, [&] { return read_listed(path, store); });
    }

    Result<FileStatus> status(std::string_view path, Follow follow) const override {
        struct stat found {};

        const int flags = follow == Follow::yes ? 0 : AT_SYMLINK_NOFOLLOW;
        if (::fstatat(AT_FDCWD, CPath(path).get(), &found, flags) != 0)
            return last_error("stat()", path);
        return status_of(found);
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        const Directory directory(::opendir(CPath(path).get()));
        if (!directory)
            return last_error("opendir()", path);
        std::vector<DirectoryEntry> entries;
        while (true) {
            errno = 0;
            const dirent* entry = ::readdir(directory.get()); // NOLINT(concurrency-mt-unsafe)
            if (entry == nullptr)
                break;
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..")
                entries.push_back({std::string(name), listed_kind(entry->d_type)});
        }
        if (errno != 0)
            return last_error("readdir()", path);
        return entries;
    }

    Result<std::string> readlink(std::string_view path) const override {
        std::string target(path_max, '\0');
        const ssize_t size = ::readlink(CPath(path).get(), target.data(), target.size());
        if (size < 0)
            return last_error("readlink()", path);
        target.resize(static_cast<std::size_t>(size));
        return target;
    }
};

constexpr const char* stream_name = "standard input";
constexpr std::size_t first_chunk = std::size_t{64} * 1024;

// A terminal or pipe may have been made non-blocking by another process that shares it.
bool wait_for_input(int fd) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, -1) >= 0 || errno == EINTR;
}

ssize_t read_waiting(int fd, char* to, std::size_t size) {
    while (true) {
        const ssize_t got = read_some(fd, to, size);
        if (got >= 0 || errno != EAGAIN || !wait_for_input(fd))
            return got;
    }
}

Result<Bytes> read_to_end(int fd) {
    Buffer buffer;
    buffer.grow(first_chunk);
    while (true) {
        const ssize_t got =
            read_waiting(fd, buffer.data.get() + buffer.filled, buffer.capacity - buffer.filled);
        if (got < 0)
            return last_error("read()", stream_name);
        if (got == 0)
            return Bytes(std::move(buffer.data), buffer.filled);
        buffer.filled += static_cast<std::size_t>(got);
        if (buffer.filled > max_file_size)
            return file_size_error(stream_name);
        if (buffer.filled == buffer.capacity)
            buffer.grow(std::min(2 * buffer.capacity, max_file_size + 1));
    }
}

} // namespace

std::shared_ptr<const FileSystem> real_file_system() {
    return std::make_shared<RealFileSystem>();
}

Result<Bytes> read_stream(int fd) {
    try {
        return read_to_end(fd);
    } catch (const std::bad_alloc&) {
        return system_error(ENOMEM, "read()", stream_name);
    }
}

std::string current_directory() {
    std::string buffer(path_max, '\0');
    while (::getcwd(buffer.data(), buffer.size()) == nullptr) {
        if (errno != ERANGE)
            return {};
        buffer.resize(2 * buffer.size());
    }
    buffer.resize(std::strlen(buffer.c_str()));
    // Linux: a folder outside the process's root.
    return buffer.starts_with('/') ? buffer : std::string();
}

bool is_terminal(int fd) {
    return ::isatty(fd) == 1;
}

} // namespace upstream_lint
