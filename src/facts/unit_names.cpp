#include "facts/unit_names.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace upstream_lint {

namespace {

/// Folders that tell nothing of the program.
constexpr std::array<std::string_view, 10> common_folders = {
    "run", "var", "tmp", "lib", "srv", "home", "opt", "sockets", "shared", "data"};

/// Patterns of units are those of fnmatch(3): only plain names are put into them.
bool is_plain_name(std::string_view name) {
    const auto is_plain = [](unsigned char letter) {
        return (letter >= '0' && letter <= '9') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= 'a' && letter <= 'z') || letter == '-' || letter == '_' || letter == '.';
    };
    return !name.empty() && std::ranges::all_of(name, is_plain);
}

void add_units(std::string_view name, std::vector<std::string>& units) {
    for (const std::string_view ending : {".sock", ".socket"}) {
        if (name.ends_with(ending)) {
            name.remove_suffix(ending.size());
        }
    }
    if (!is_plain_name(name)) {
        return;
    }
    units.push_back(std::string(name) + ".service");
    units.push_back(std::string(name) + ".socket");
}

} // namespace

std::vector<std::string> units_for_path(std::string_view path) {
    std::vector<std::string> units;
    const std::size_t slash = path.rfind('/');
    if (slash == std::string_view::npos) {
        return units;
    }
    add_units(path.substr(slash + 1), units);
    const std::string_view folder = path.substr(0, slash);
    const std::string_view name = folder.substr(folder.rfind('/') + 1);
    if (std::ranges::find(common_folders, name) == common_folders.end()) {
        add_units(name, units);
    }
    return units;
}

} // namespace upstream_lint
