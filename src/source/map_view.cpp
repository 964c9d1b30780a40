#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace upstream_lint {
namespace {

constexpr std::uint64_t directory_size = 4096;

std::string_view folder_of(std::string_view path) {
    return path.substr(0, std::max<std::size_t>(path.rfind('/'), 1));
}

// What follows `folder` in `path`: empty or with a slash in front.
std::string_view behind_folder(std::string_view path, std::string_view folder) {
    return folder == "/" ? path : path.substr(folder.size());
}

std::string join(std::string_view folder, std::string_view rest) {
    if (rest.empty() || rest == "/")
        return std::string(folder);
    std::string path(folder);
    while (path.ends_with('/'))
        path.pop_back();
    return path.append(rest);
}

// Longest name first; of two with one name the later counts.
std::vector<PathMapping> in_order(std::vector<PathMapping> mappings) {
    for (PathMapping& mapping : mappings)
        mapping.name = lexical_path(system_path(mapping.name));
    std::reverse(mappings.begin(), mappings.end());
    std::stable_sort(
        mappings.begin(), mappings.end(),
        [](const PathMapping& a, const PathMapping& b) { return a.name.size() > b.name.size(); });
    return mappings;
}

class MapView : public FileSystem {
public:
    MapView(std::shared_ptr<const FileSystem> base, std::vector<PathMapping> mappings) :
        base_(std::move(base)), mappings_(in_order(std::move(mappings))) {}

    Result<Bytes> read(std::string_view path) const override {
        const Result<Place> place = locate(path, Follow::yes, "open()");
        if (!place)
            return place.error();
        if (is_virtual(*place))
            return system_error(EISDIR, "pread()", std::string(path));
        return as_asked(base_->read(place->path), path);
    }

    Result<FileStatus> status(std::string_view path, Follow follow) const override {
        const Result<Place> place = locate(path, follow, "stat()");
        if (!place)
            return place.error();
        if (is_virtual(*place))
            return FileStatus{FileKind::directory, directory_size};
        return as_asked(base_->status(place->path, follow_at(*place, follow)), path);
    }

    Result<std::vector<DirectoryEntry>> list(std::string_view path) const override {
        const Result<Place> place = locate(path, Follow::yes, "opendir()");
        if (!place)
            return place.error();
        Result<std::vector<DirectoryEntry>> listed = as_asked(base_->list(place->path), path);
        std::vector<DirectoryEntry> mapped = mapped_names_in(place->name);
        if (mapped.empty())
            return listed;
        if (listed)
            mapped.insert(mapped.end(), listed->begin(), listed->end());
        // what a mapping stands for comes first, and what it hides goes
        std::ranges::stable_sort(mapped, {}, &DirectoryEntry::name);
        const auto same_name = [](const DirectoryEntry& a, const DirectoryEntry& b) {
            return a.name == b.name;
        };
        mapped.erase(std::unique(mapped.begin(), mapped.end(), same_name), mapped.end());
        return mapped;
    }

    Result<std::string> readlink(std::string_view path) const override {
        const Result<Place> place = locate(path, Follow::no, "readlink()");
        if (!place)
            return place.error();
        if (is_virtual(*place) || follow_at(*place, Follow::no) == Follow::yes)
            return system_error(EINVAL, "readlink()", std::string(path));
        return as_asked(base_->readlink(place->path), path);
    }

    [[nodiscard]] std::string shown_path(std::string_view path) const override {
        const Result<Place> place = locate(path, Follow::yes, "stat()");
        return base_->shown_path(place ? place->path : translate(lexical_path(system_path(path))));
    }

private:
    struct Place {
        std::string name; // in the configuration; empty where a link left the names
        std::string path; // in the base
    };

    [[nodiscard]] const PathMapping* mapping_of(std::string_view name) const {
        const auto found =
            std::find_if(mappings_.begin(), mappings_.end(), [name](const PathMapping& mapping) {
                return is_at_or_below(name, mapping.name);
            });
        return found == mappings_.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::string translate(std::string_view name) const {
        const PathMapping* mapping = mapping_of(name);
        if (mapping == nullptr)
            return std::string(name);
        return join(mapping->path, behind_folder(name, mapping->name));
    }

    [[nodiscard]] bool is_mapped_itself(std::string_view name) const {
        return std::any_of(mappings_.begin(), mappings_.end(),
                           [name](const PathMapping& mapping) { return mapping.name == name; });
    }

    [[nodiscard]] bool has_mapped_below(std::string_view name) const {
        return std::any_of(mappings_.begin(), mappings_.end(), [name](const PathMapping& mapping) {
            return mapping.name != name && is_at_or_below(mapping.name, name);
        });
    }

    [[nodiscard]] std::vector<DirectoryEntry> mapped_names_in(std::string_view folder) const {
        std::vector<DirectoryEntry> names;
        if (folder.empty())
            return names;
        for (const PathMapping& mapping : mappings_) {
            if (mapping.name == folder || !is_at_or_below(mapping.name, folder))
                continue;
            const std::string_view rest = behind_folder(mapping.name, folder).substr(1);
            names.push_back({std::string(rest.substr(0, rest.find('/')))});
        }
        return names;
    }

    // A name that a mapping gives, or that leads to one, is what the mapping says and never a link.
    [[nodiscard]] Follow follow_at(const Place& place, Follow follow) const {
        if (!place.name.empty() && (is_mapped_itself(place.name) || has_mapped_below(place.name)))
            return Follow::yes;
        return follow;
    }

    // A folder that the base has not, on the way to a mapping.
    [[nodiscard]] bool is_virtual(const Place& place) const {
        if (place.name.empty() || !has_mapped_below(place.name))
            return false;
        const Result<FileStatus> below = base_->status(place.path, Follow::yes);
        return !below || below->kind != FileKind::directory;
    }

    [[nodiscard]] Result<PathNode> look_up_name(const std::string& name) const {
        if (has_mapped_below(name))
            return PathNode{FileKind::directory, {}};
        if (is_mapped_itself(name)) {
            const Result<FileStatus> status = base_->status(translate(name), Follow::yes);
            if (!status)
                return status.error();
            return PathNode{status->kind, {}};
        }
        Result<PathNode> node = look_up(*base_, translate(name));
        if (!node || node->kind != FileKind::symlink)
            return node;
        PathNode link = std::move(node).value();
        link.leaves = leaves(name, link.target);
        return link;
    }

    // An absolute target is a name like those in the configuration. A relative one means the file
    // beside the link here, which has a name only as long as it stays in the same mapping.
    [[nodiscard]] bool leaves(std::string_view name, std::string_view target) const {
        const PathMapping* mapping = mapping_of(name);
        if (mapping == nullptr || target.starts_with('/'))
            return false;
        const std::string_view inside = behind_folder(folder_of(name), mapping->name);
        std::size_t depth = static_cast<std::size_t>(std::count(inside.begin(), inside.end(), '/') -
                                                     (inside == "/" ? 1 : 0));
        std::size_t behind = 0;
        while (behind < target.size()) {
            const std::size_t end = std::min(target.find('/', behind), target.size());
            const std::string_view component = target.substr(behind, end - behind);
            behind = end + 1;
            if (component == ".." && depth == 0)
                return true;
            if (component == "..")
                --depth;
            else if (!component.empty() && component != ".")
                ++depth;
        }
        return false;
    }

    [[nodiscard]] Result<Place> locate(std::string_view path, Follow follow,
                                       const char* operation) const {
        Result<PathEnd> end =
            walk_path(path, follow, [this](const std::string& name) { return look_up_name(name); });
        if (!end)
            return named(end.error(), operation, path);
        std::string translated = translate(end->path);
        if (end->left_by.empty())
            return Place{end->path, std::move(translated)};
        return Place{{}, join(translated, '/' + end->left_by)};
    }

    template <typename T>
    [[nodiscard]] static Result<T> as_asked(Result<T> result, std::string_view path) {
        if (result)
            return result;
        return named(result.error(), result.error().operation, path);
    }

    std::shared_ptr<const FileSystem> base_;
    std::vector<PathMapping> mappings_;
};

} // namespace

std::shared_ptr<const FileSystem> map_view(std::shared_ptr<const FileSystem> base,
                                           std::vector<PathMapping> mappings) {
    return std::make_shared<MapView>(std::move(base), std::move(mappings));
}

std::string mapped_name(const std::vector<PathMapping>& mappings, std::string_view path) {
    std::string place = lexical_path(system_path(path));
    const PathMapping* best = nullptr;
    std::string best_path;
    for (const PathMapping& mapping : mappings) {
        std::string mapped = lexical_path(system_path(mapping.path));
        if (!is_at_or_below(place, mapped) || mapped.size() < best_path.size())
            continue;
        best = &mapping;
        best_path = std::move(mapped);
    }
    if (best == nullptr)
        return place;
    return join(lexical_path(system_path(best->name)), behind_folder(place, best_path));
}

} // namespace upstream_lint
