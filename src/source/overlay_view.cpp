#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace upstream_lint {

namespace {

/// One file in front of what another file system holds.
class OverlayView : public FileSystem {
public:
    OverlayView(std::shared_ptr<const FileSystem> base, std::string path, Bytes bytes) :
        base_(std::move(base)), path_(std::move(path)), bytes_(std::move(bytes)) {}

    Result<Bytes> read(std::string_view path) const override {
        return path == path_ ? Result<Bytes>(bytes_) : base_->read(path);
    }

    Result<FileStatus> status(std::string_view path, Follow follow) const override {
        return path == path_ ? Result<FileStatus>(FileStatus{FileKind::regular, bytes_.size()})
                             : base_->status(path, follow);
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        return base_->list(path);
    }

    Result<std::string> readlink(std::string_view path) const override {
        return base_->readlink(path);
    }

    [[nodiscard]] std::string shown_path(std::string_view path) const override {
        return path == path_ ? path_ : base_->shown_path(path);
    }

private:
    std::shared_ptr<const FileSystem> base_;
    std::string path_;
    Bytes bytes_;
};

/// Two file systems as the folders `/here` and `/root` of one.
class TwoFolders : public FileSystem {
public:
    static constexpr std::string_view here = "/here";
    static constexpr std::string_view root = "/root";

    TwoFolders(std::shared_ptr<const FileSystem> at_here,
               std::shared_ptr<const FileSystem> at_root) :
        at_here_(std::move(at_here)),
        at_root_(std::move(at_root)) {}

    Result<Bytes> read(std::string_view path) const override {
        return files(path).read(inside(path));
    }

    Result<FileStatus> status(std::string_view path, Follow follow) const override {
        return files(path).status(inside(path), follow);
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        return files(path).list(inside(path));
    }

    Result<std::string> readlink(std::string_view path) const override {
        return files(path).readlink(inside(path));
    }

    [[nodiscard]] std::string shown_path(std::string_view path) const override {
        return files(path).shown_path(inside(path));
    }

private:
    [[nodiscard]] const FileSystem& files(std::string_view path) const {
        return path.starts_with(here) ? *at_here_ : *at_root_;
    }

    [[nodiscard]] static std::string inside(std::string_view path) {
        const std::string_view rest = path.substr(std::min(here.size(), path.size()));
        return rest.empty() ? "/" : std::string(rest);
    }

    static_assert(here.size() == root.size());

    std::shared_ptr<const FileSystem> at_here_;
    std::shared_ptr<const FileSystem> at_root_;
};

} // namespace

std::shared_ptr<const FileSystem> overlay_view(std::shared_ptr<const FileSystem> base,
                                               std::string path, Bytes bytes) {
    return std::make_shared<OverlayView>(std::move(base), std::move(path), std::move(bytes));
}

std::shared_ptr<const FileSystem> map_over_root(std::shared_ptr<const FileSystem> here,
                                                std::string root,
                                                std::vector<PathMapping> mappings) {
    for (PathMapping& mapping : mappings) {
        mapping.path.insert(0, TwoFolders::here);
    }
    mappings.insert(mappings.begin(), {.name = "/", .path = std::string(TwoFolders::root)});
    auto rooted = root_view(here, std::move(root));
    auto both = std::make_shared<TwoFolders>(std::move(here), std::move(rooted));
    return map_view(std::move(both), std::move(mappings));
}

} // namespace upstream_lint
