#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <unordered_map>
#include <utility>

namespace upstream_lint {
namespace {

constexpr std::string_view header_start = "# configuration file ";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::uint64_t directory_size = 4096;

struct Line {
    std::string_view text; // without its end
    std::size_t begin = 0;
    std::size_t behind = 0;
    bool has_carriage_return = false;
};

Line line_at(std::string_view bytes, std::size_t begin) {
    const std::size_t newline = bytes.find('\n', begin);
    const std::size_t end = std::min(newline, bytes.size());
    Line line{bytes.substr(begin, end - begin), begin, std::min(end + 1, bytes.size())};
    if (newline != std::string_view::npos && line.text.ends_with('\r')) {
        line.text.remove_suffix(1);
        line.has_carriage_return = true;
    }
    return line;
}

bool is_log_time(std::string_view text) {
    constexpr std::string_view shape = "0000/00/00 00:00:00 [";
    if (text.size() < shape.size())
        return false;
    return std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char found) {
        return wanted == '0' ? found >= '0' && found <= '9' : found == wanted;
    });
}

// What nginx writes on standard error before it dumps (src/core/nginx.c, src/core/ngx_log.c).
bool is_message(std::string_view line) {
    return line.starts_with("nginx: ") || is_log_time(line);
}

// The path of `# configuration file PATH:`, empty when the line is none.
std::string_view header_path(std::string_view line) {
    if (!line.starts_with(header_start) || !line.ends_with(':'))
        return {};
    line.remove_prefix(header_start.size());
    line.remove_suffix(1);
    if (line.size() >= path_max || line.find('\0') != std::string_view::npos)
        return {};
    return line;
}

// A relative path comes from `-p` with one. Words with blanks are somebody's own comment.
bool can_be_first(std::string_view path) {
    return path.starts_with('/') ||
           (!path.empty() && path.find_first_of(" \t") == std::string_view::npos);
}

// The line of the first header, when nothing but nginx's messages stands in front of it.
std::optional<Line> first_header(std::string_view bytes) {
    std::size_t at = bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
    while (at < bytes.size()) {
        const Line line = line_at(bytes, at);
        if (can_be_first(header_path(line.text)))
            return line;
        if (!is_message(line.text))
            return std::nullopt;
        at = line.behind;
    }
    return std::nullopt;
}

// nginx puts the folder of the main file in front of every relative name (src/core/ngx_file.c,
// ngx_get_full_name), so later paths are absolute or start with it.
bool can_follow(std::string_view path, std::string_view main_file) {
    if (path.starts_with('/'))
        return true;
    if (main_file.starts_with('/'))
        return false;
    const std::size_t slash = main_file.rfind('/');
    if (slash == std::string_view::npos)
        return path.find('/') != std::string_view::npos;
    return path.starts_with(main_file.substr(0, slash + 1));
}

class DumpFileSystem : public FileSystem {
public:
    explicit DumpFileSystem(Bytes dump) : dump_(std::make_shared<const Bytes>(std::move(dump))) {}

    /// False when there is one of this name: nginx dumps a file once.
    bool contains(std::string_view name) const { return by_name_.contains(name); }

    /// Both view into the dump.
    void add(std::string_view name, std::string_view text) {
        by_name_.emplace(name, text);
        by_path_.push_back({lexical_path(name), text});
    }

    void sort_paths() {
        std::stable_sort(by_path_.begin(), by_path_.end(),
                         [](const File& a, const File& b) { return a.path < b.path; });
    }

    Result<Bytes> read(std::string_view path) const override {
        if (const auto exact = by_name_.find(path); exact != by_name_.end())
            return share(exact->second);
        const std::string place = lexical_path(path);
        if (const auto file = find(place); file != by_path_.end())
            return share(file->text);
        if (is_directory(place))
            return system_error(EISDIR, "pread()", std::string(path));
        return system_error(ENOENT, "open()", std::string(path));
    }

    Result<FileStatus> status(std::string_view path, Follow) const override {
        if (const auto exact = by_name_.find(path); exact != by_name_.end())
            return FileStatus{FileKind::regular, exact->second.size()};
        const std::string place = lexical_path(path);
        if (const auto file = find(place); file != by_path_.end())
            return FileStatus{FileKind::regular, file->text.size()};
        if (is_directory(place))
            return FileStatus{FileKind::directory, directory_size};
        return system_error(ENOENT, "stat()", std::string(path));
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        const std::string place = lexical_path(path);
        if (!is_directory(place))
            return system_error(find(place) == by_path_.end() ? ENOENT : ENOTDIR, "opendir()",
                                std::string(path));
        std::vector<DirectoryEntry> names;
        const std::string below = place == "/" ? place : place + '/';
        // a file of the folder's own name, `/` at worst, is none of its entries
        auto file = lower_bound(below + '\0');
        while (file != by_path_.end() && file->path.starts_with(below)) {
            const std::string child = file->path.substr(0, file->path.find('/', below.size()));
            names.push_back({child.substr(below.size())});
            // A file and, in a dump that was made by hand, a folder may share the name.
            file = lower_bound(file->path == child ? child + '\0' : child + char{'/' + 1});
        }
        std::ranges::sort(names, {}, &DirectoryEntry::name);
        names.erase(std::unique(names.begin(), names.end()), names.end());
        return names;
    }

    Result<std::string> readlink(std::string_view path) const override {
        const Result<FileStatus> found = status(path, Follow::no);
        return system_error(found ? EINVAL : ENOENT, "readlink()", std::string(path));
    }

private:
    struct File {
        std::string path; // lexical
        std::string_view text;
    };

    using Files = std::vector<File>;

    [[nodiscard]] Files::const_iterator lower_bound(std::string_view path) const {
        return std::lower_bound(by_path_.begin(), by_path_.end(), path,
                                [](const File& file, std::string_view wanted) {
                                    return std::string_view(file.path) < wanted;
                                });
    }

    [[nodiscard]] Files::const_iterator find(std::string_view path) const {
        const auto found = lower_bound(path);
        return found != by_path_.end() && found->path == path ? found : by_path_.end();
    }

    [[nodiscard]] bool is_directory(const std::string& path) const {
        const std::string below = path == "/" ? path : path + '/';
        const auto found = lower_bound(below);
        return path == "/" || (found != by_path_.end() && found->path.starts_with(below));
    }

    [[nodiscard]] Bytes share(std::string_view text) const {
        return {std::shared_ptr<const char[]>(dump_, text.data()), text.size()};
    }

    std::shared_ptr<const Bytes> dump_;
    // A name as nginx spelled it comes first: with links among its folders, `a/../b` need not be
    // `b`.
    std::unordered_map<std::string_view, std::string_view> by_name_;
    Files by_path_;
};

// nginx ends each file with one line end of its own.
std::string_view without_added_line_end(std::string_view text, bool has_carriage_returns) {
    if (!text.ends_with('\n'))
        return text;
    text.remove_suffix(1);
    if (has_carriage_returns && text.ends_with('\r'))
        text.remove_suffix(1);
    return text;
}

} // namespace

bool is_nginx_dump(std::string_view bytes) {
    return first_header(bytes).has_value();
}

std::optional<NginxDump> parse_nginx_dump(const Bytes& bytes) {
    const std::string_view all = bytes.view();
    const std::optional<Line> first = first_header(all);
    if (!first)
        return std::nullopt;
    const std::string_view main_file = header_path(first->text);
    auto files = std::make_shared<DumpFileSystem>(bytes);

    std::string_view name = main_file;
    std::size_t begin = first->behind;
    const auto end_file = [&](std::size_t end) {
        files->add(name, without_added_line_end(all.substr(begin, end - begin),
                                                first->has_carriage_return));
    };
    for (std::size_t at = begin; at < all.size();) {
        const Line line = line_at(all, at);
        at = line.behind;
        const std::string_view path = header_path(line.text);
        if (path.empty() || path == name || files->contains(path) || !can_follow(path, main_file))
            continue;
        end_file(line.begin);
        name = path;
        begin = line.behind;
    }
    end_file(all.size());
    files->sort_paths();
    return NginxDump{std::string(main_file), std::move(files)};
}

} // namespace upstream_lint
