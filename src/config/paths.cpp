#include "config/paths.hpp"

#include "config/messages.hpp"

#include <fmt/format.h>
#include <string>
#include <unordered_map>

namespace upstream_lint {

namespace {

struct Path {
    PathLevels levels{};
    PathUse use = PathUse::temporary;
    Place place;
};

/// Of the main level, by what nginx compares.
struct Paths {
    std::unordered_map<std::string, Path> by_name;
};

std::string_view without_slash(std::string_view name) {
    return name.ends_with('/') ? name.substr(0, name.size() - 1) : name;
}

/// What nginx compares: an absolute name keeps the slash at its end, a relative one does not.
std::string full_name(Directive& directive) {
    const std::string_view name = directive[1];
    if (name.starts_with('/')) {
        return std::string(c_string(name));
    }
    return fmt::format("{}{}", directive.cycle().prefix(), c_string(without_slash(name)));
}

bool report(Directive& directive, std::string message, const Path& path) {
    directive.emerg(1, std::move(message), Cause::conflict).label(path.place, "first here");
    return false;
}

} // namespace

bool add_path(Directive& directive, const PathLevels& levels, PathUse use) {
    std::string name = full_name(directive);
    auto& paths = directive.cycle().main().conf<Paths>().by_name;
    const auto [found, is_new] = paths.try_emplace(name, Path{levels, use, directive.place(1)});
    if (is_new) {
        return true;
    }
    const Path& known = found->second;
    const std::string_view shown = without_slash(name);
    const std::string place = directive.cycle().position_text(known.place);
    if (use == PathUse::cache || known.use == PathUse::cache) {
        return report(directive,
                      fmt::format("the same path name \"{}\" used in {} and", shown, place), known);
    }
    if (levels != known.levels) {
        return report(directive,
                      fmt::format("the same path name \"{}\" in {} has the different levels than",
                                  shown, place),
                      known);
    }
    return true;
}

} // namespace upstream_lint
