#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <utility>

namespace upstream_lint {
namespace {

std::string root_prefix(std::string root) {
    if (root.empty())
        return ".";
    while (root.ends_with('/'))
        root.pop_back();
    return root;
}

class RootView : public FileSystem {
public:
    RootView(std::shared_ptr<const FileSystem> base, std::string root) :
        base_(std::move(base)), prefix_(root_prefix(std::move(root))) {}

    Result<Bytes> read(std::string_view path) const override {
        const Result<std::string> place = locate(path, Follow::yes, "open()");
        if (!place)
            return place.error();
        return as_asked(base_->read(*place), path);
    }

    Result<FileStatus> status(std::string_view path, Follow follow) const override {
        const Result<std::string> place = locate(path, follow, "stat()");
        if (!place)
            return place.error();
        return as_asked(base_->status(*place, Follow::no), path);
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        const Result<std::string> place = locate(path, Follow::yes, "opendir()");
        if (!place)
            return place.error();
        return as_asked(base_->list(*place), path);
    }

    Result<std::string> readlink(std::string_view path) const override {
        const Result<std::string> place = locate(path, Follow::no, "readlink()");
        if (!place)
            return place.error();
        return as_asked(base_->readlink(*place), path);
    }

    [[nodiscard]] std::string shown_path(std::string_view path) const override {
        const Result<std::string> place = locate(path, Follow::yes, "stat()");
        return base_->shown_path(place ? *place : outside(lexical_path(system_path(path))));
    }

private:
    [[nodiscard]] std::string outside(std::string_view path) const {
        // The root itself keeps its slash: a link that stands for it is followed then.
        return prefix_ + std::string(path);
    }

    // A path of the base whose part below the root holds no link and no `..`.
    [[nodiscard]] Result<std::string> locate(std::string_view path, Follow follow,
                                             const char* operation) const {
        const Result<PathEnd> end = walk_path(
            path, follow, [this](const std::string& at) { return look_up(*base_, outside(at)); });
        if (!end)
            return named(end.error(), operation, path);
        return outside(end->path);
    }

    template <typename T>
    [[nodiscard]] static Result<T> as_asked(Result<T> result, std::string_view path) {
        if (result)
            return result;
        return named(result.error(), result.error().operation, path);
    }

    std::shared_ptr<const FileSystem> base_;
    std::string prefix_; // "" is the base's own root
};

} // namespace

std::shared_ptr<const FileSystem> root_view(std::shared_ptr<const FileSystem> base,
                                            std::string root) {
    return std::make_shared<RootView>(std::move(base), std::move(root));
}

} // namespace upstream_lint
