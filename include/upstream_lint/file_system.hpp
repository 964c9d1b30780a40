#pragma once

#include "upstream_lint/result.hpp"
#include "upstream_lint/source.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

enum class FileKind : std::uint8_t {
    regular,
    directory,
    symlink,
    fifo,
    socket,
    character_device,
    block_device,
};

struct FileStatus {
    FileKind kind = FileKind::regular;
    std::uint64_t size = 0;     ///< bytes, as fstat(2) reports them
    bool is_executable = false; ///< for its owner (S_IXUSR)

    friend bool operator==(const FileStatus&, const FileStatus&) = default;
};

enum class Follow : std::uint8_t { yes, no };

/// A name in a folder.
struct DirectoryEntry {
    std::string name;
    /// What it is, as far as the listing itself tells (readdir(3), d_type); a link is a link.
    std::optional<FileKind> kind = std::nullopt;

    friend bool operator==(const DirectoryEntry&, const DirectoryEntry&) = default;
};

/// What configuration reading asks of the world. Paths are absolute (`/` at the front) unless a
/// view says otherwise; no function changes anything. All members may be called from several
/// threads.
class FileSystem {
public:
    virtual ~FileSystem() = default;

    /// The bytes nginx would read: of a regular file all, of a device none (its st_size is 0).
    /// Never blocks. Errors: open()'s errno value; EISDIR with the operation `pread()` for a
    /// directory that has a size; code 0 for a FIFO (nginx would wait for a writer) and for files
    /// over max_file_size.
    [[nodiscard]] virtual Result<Bytes> read(std::string_view path) const = 0;

    /// The same for a path that a listing has just said is a regular file: it need not be looked at
    /// before it is opened. The bytes may be held in `store`.
    [[nodiscard]] virtual Result<Bytes> read_regular(std::string_view path,
                                                     [[maybe_unused]] ByteStore& store) const {
        return read(path);
    }

    [[nodiscard]] virtual Result<FileStatus> status(std::string_view path, Follow follow) const = 0;
    /// Names in a directory, without `.` and `..`, in no particular order.
    [[nodiscard]] virtual Result<std::vector<DirectoryEntry>> list(std::string_view path) const = 0;
    /// The text of a symbolic link.
    [[nodiscard]] virtual Result<std::string> readlink(std::string_view path) const = 0;

    /// Where `path` is, for people: the path by which the user here would open it.
    [[nodiscard]] virtual std::string shown_path(std::string_view path) const {
        return std::string(path);
    }
};

/// Files held in memory: for tests, fuzzing, editors and standard input.
class MemoryFileSystem : public FileSystem {
public:
    /// Adds or replaces a file, with the folders above it.
    void add(std::string_view path, std::string text);
    void add(std::string_view path, Bytes bytes);
    void add_symlink(std::string_view path, std::string target);
    void add_special(std::string_view path, FileKind kind);
    void add_directory(std::string_view path);
    /// Reading this path fails with the errno value `code`.
    void add_unreadable(std::string_view path, int code);

    [[nodiscard]] Result<Bytes> read(std::string_view path) const override;
    [[nodiscard]] Result<FileStatus> status(std::string_view path, Follow follow) const override;
    [[nodiscard]] Result<std::vector<DirectoryEntry>> list(std::string_view path) const override;
    [[nodiscard]] Result<std::string> readlink(std::string_view path) const override;

private:
    struct Entry {
        FileKind kind = FileKind::regular;
        Bytes bytes;        // of a regular file
        std::string target; // of a symbolic link
        int error = 0;      // errno value that reading gives
    };

    void add_entry(std::string_view path, Entry entry);
    [[nodiscard]] std::optional<FileKind> kind_at(std::string_view path) const;
    [[nodiscard]] Result<std::string> locate(std::string_view path, Follow follow,
                                             const char* operation) const;

    std::map<std::string, Entry, std::less<>> entries_;
};

/// A saved `nginx -T`: the dumped files are the file system. The first one is the main file.
struct NginxDump {
    std::string main_file;
    std::shared_ptr<const FileSystem> files;
};

/// True when the bytes look like the output of `nginx -T` (with or without the lines that nginx
/// prints on standard error in front).
[[nodiscard]] bool is_nginx_dump(std::string_view bytes);
/// Cuts the output of `nginx -T` into its files (nginx: src/core/nginx.c, main). The files view
/// into `bytes`, which they keep alive. Nothing when `is_nginx_dump` is false.
[[nodiscard]] std::optional<NginxDump> parse_nginx_dump(const Bytes& bytes);

/// `root` of `base` stands for `/`: symbolic links and `..` are followed inside it and never leave
/// it.
[[nodiscard]] std::shared_ptr<const FileSystem> root_view(std::shared_ptr<const FileSystem> base,
                                                          std::string root);

/// One prefix of names in the configuration and the folder or file that stands for it in `base`.
struct PathMapping {
    std::string name; ///< absolute, as the configuration has it
    std::string path; ///< absolute path in the file system below
};

/// Names below a mapping's `name` are read from its `path`, others from themselves; the longest
/// `name` wins. Folders that only mappings make exist are listed too.
[[nodiscard]] std::shared_ptr<const FileSystem> map_view(std::shared_ptr<const FileSystem> base,
                                                         std::vector<PathMapping> mappings);
/// Both: names below a mapping are read from `here`, all others from `root` of it, which no link
/// leaves.
[[nodiscard]] std::shared_ptr<const FileSystem>
map_over_root(std::shared_ptr<const FileSystem> here, std::string root,
              std::vector<PathMapping> mappings);
/// `base` with the file `path` holding `bytes`: standard input among the files it includes.
[[nodiscard]] std::shared_ptr<const FileSystem> overlay_view(std::shared_ptr<const FileSystem> base,
                                                             std::string path, Bytes bytes);
/// The name under which the configuration would know `path`: the mappings, read backwards.
[[nodiscard]] std::string mapped_name(const std::vector<PathMapping>& mappings,
                                      std::string_view path);

/// Follows every symbolic link of `path` in `files`, as the kernel would (path_resolution(7)): at
/// most 40 links (ELOOP), `..` of `/` is `/`. With Follow::no the last component is left as it is.
/// The result is absolute and free of `.`, `..`, double slashes and links.
[[nodiscard]] Result<std::string> resolve_path(const FileSystem& files, std::string_view path,
                                               Follow follow);

/// What glob(3) with no flags in the C locale gives for `pattern`: matches in byte order, names
/// that start with `.` only for a pattern that does; no match is an empty list (nginx: src/os/unix/
/// ngx_files.c, ngx_open_glob). Folders that cannot be read are passed over. Error E2BIG beyond
/// `max_glob_matches`.
[[nodiscard]] Result<std::vector<std::string>> glob(const FileSystem& files,
                                                    std::string_view pattern);
/// The same with what the listings told of each match, whose name is a path.
[[nodiscard]] Result<std::vector<DirectoryEntry>> glob_entries(const FileSystem& files,
                                                               std::string_view pattern);

inline constexpr std::size_t max_glob_matches = 1'000'000;

} // namespace upstream_lint
