#include "rules/dangling_link.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace upstream_lint {

namespace {

/// A name that is still to be looked up.
struct Pending {
    std::string name;
    const PathComponent* link = nullptr; ///< that brought it; null: the path itself
};

/// The last name of `path` stands on the top of the pile.
void push_names(std::vector<Pending>& pile, std::string_view path, const PathComponent* link) {
    std::size_t end = path.size();
    while (end > 0) {
        const std::size_t slash = path.substr(0, end).rfind('/');
        const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
        if (begin < end) {
            pile.push_back({std::string(path.substr(begin, end - begin)), link});
        }
        end = slash == std::string_view::npos ? 0 : slash;
    }
}

void leave_folder(std::string& folder) {
    folder.erase(std::min(folder.rfind('/'), folder.size()));
}

} // namespace

const PathComponent* find_dangling_link(const PathFacts& path) {
    constexpr std::size_t max_links = 40; // MAXSYMLINKS of Linux
    std::vector<Pending> pile;
    push_names(pile, path.path, nullptr);
    std::string folder; // without the slash at its end
    const PathComponent* last_link = nullptr;
    std::size_t links = 0;
    while (!pile.empty()) {
        const Pending next = std::move(pile.back());
        pile.pop_back();
        if (next.name == ".") {
            continue;
        }
        if (next.name == "..") {
            leave_folder(folder);
            continue;
        }
        const std::string name = folder + "/" + next.name;
        const auto found = std::ranges::find(path.components, name, &PathComponent::path);
        if (found == path.components.end()) {
            return next.link;
        }
        if (found->type != PathComponent::Type::symlink) {
            folder = name;
            continue;
        }
        last_link = &*found;
        if (++links > max_links) {
            return last_link;
        }
        if (found->link_target.starts_with('/')) {
            folder.clear();
        }
        push_names(pile, found->link_target, last_link);
    }
    return nullptr;
}

} // namespace upstream_lint
