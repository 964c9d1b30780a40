#include "source/name_pattern.hpp"
#include "source/path.hpp"
#include "upstream_lint/file_system.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace upstream_lint {
namespace {

using Matches = std::vector<DirectoryEntry>; // their names are paths

// Folders that link to themselves can make a short pattern look at any number of names.
constexpr std::size_t max_names_seen = 16 * max_glob_matches;

// The names to find in each folder that the steps before gave.
struct Step {
    std::string pattern;
    bool only_directories = false;
    bool mark_directories = false; // end each directory with a slash
};

struct Plan {
    std::string folder;
    bool shows_folder = true; // the folder stands in front of the matches
    std::vector<Step> steps;  // the last comes first
};

// An odd number of backslashes at the end: the last one quoted the slash that stood behind it.
void drop_quote_of_slash(std::string& folder) {
    const std::size_t last = folder.find_last_not_of('\\');
    const std::size_t backslashes = folder.size() - (last == std::string::npos ? 0 : last + 1);
    if (backslashes % 2 == 1)
        folder.pop_back();
}

std::string unquoted(std::string_view text) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && ++at == text.size())
            break;
        result += text[at];
    }
    return result;
}

bool has_wildcard(std::string_view folder) {
    const PatternKind kind = pattern_kind(folder);
    return kind == PatternKind::wild || kind == PatternKind::open;
}

// glibc (posix/glob.c) takes components off the end until no wildcard is left in front.
Plan plan_for(std::string pattern) {
    Plan plan;
    bool only_directories = false;
    bool mark_directories = false;
    while (true) {
        only_directories = only_directories || pattern.ends_with('/');
        const std::size_t slash = pattern.rfind('/');
        if (slash == std::string::npos) {
            plan.folder = ".";
            plan.shows_folder = false;
            plan.steps.push_back({std::move(pattern), only_directories, mark_directories});
            return plan;
        }
        std::string name = pattern.substr(slash + 1);
        if (slash == 0 || (slash == 1 && pattern.front() == '\\')) {
            plan.folder = "/";
            plan.steps.push_back({std::move(name), only_directories, mark_directories});
            return plan;
        }
        pattern.resize(slash);
        if (name.empty() && slash > 1) {
            mark_directories = true;
            drop_quote_of_slash(pattern);
            continue;
        }
        plan.steps.push_back({std::move(name), only_directories, mark_directories});
        if (!has_wildcard(pattern)) {
            plan.folder = unquoted(pattern);
            return plan;
        }
        drop_quote_of_slash(pattern);
        only_directories = true;
        mark_directories = false;
    }
}

class Globber {
public:
    explicit Globber(const FileSystem& files) : files_(files) {}

    // Nothing when a limit is reached.
    std::optional<Matches> run(Plan plan) {
        Matches found{{std::move(plan.folder)}};
        bool shows_folder = plan.shows_folder;
        std::reverse(plan.steps.begin(), plan.steps.end());
        for (const Step& step : plan.steps) {
            NamePattern pattern(step.pattern);
            Matches next;
            for (const DirectoryEntry& folder : found) {
                find_in(folder.name, shows_folder, step, pattern, next);
                if (is_at_limit())
                    return std::nullopt;
            }
            if (step.mark_directories)
                mark_directories(next);
            found = std::move(next);
            shows_folder = true;
        }
        std::ranges::sort(found, {}, &DirectoryEntry::name);
        return found;
    }

private:
    [[nodiscard]] bool is_at_limit() const {
        return matches_ > max_glob_matches || names_seen_ > max_names_seen;
    }

    void find_in(const std::string& folder, bool shows_folder, const Step& step,
                 NamePattern& pattern, Matches& found) {
        const std::string prefix = !shows_folder ? "" : folder == "/" ? folder : folder + '/';
        const auto add = [&](std::string_view name, std::optional<FileKind> kind) {
            ++matches_;
            std::string& match = found.emplace_back(DirectoryEntry{{}, kind}).name;
            match.reserve(prefix.size() + name.size());
            match.append(prefix).append(name);
        };
        ++names_seen_;
        if (pattern_kind(step.pattern) == PatternKind::plain) {
            if (files_.status(folder + '/' + step.pattern, Follow::no))
                add(step.pattern, std::nullopt);
            return;
        }
        std::string path = folder + '/';
        const std::size_t folder_size = path.size();
        for (const auto& [name, kind] : names_in(folder)) {
            if (is_at_limit())
                return;
            ++names_seen_;
            path.replace(folder_size, std::string::npos, name);
            if (pattern.matches(name) && (!step.only_directories || is_directory(path)))
                add(name, kind);
        }
    }

    [[nodiscard]] Matches names_in(const std::string& folder) const {
        Result<Matches> listed = files_.list(folder);
        if (!listed)
            return {};
        Matches names = std::move(listed).value();
        names.push_back({"."});
        names.push_back({".."});
        return names;
    }

    [[nodiscard]] bool is_directory(const std::string& path) const {
        const Result<FileStatus> status = files_.status(path, Follow::yes);
        return status && status->kind == FileKind::directory;
    }

    void mark_directories(Matches& matches) const {
        for (DirectoryEntry& match : matches) {
            if (is_directory(match.name))
                match.name += '/';
        }
    }

    const FileSystem& files_;
    std::size_t matches_ = 0;
    std::size_t names_seen_ = 0;
};

} // namespace

Result<std::vector<std::string>> glob(const FileSystem& files, std::string_view pattern) {
    Result<Matches> found = glob_entries(files, pattern);
    if (!found)
        return found.error();
    std::vector<std::string> paths;
    for (DirectoryEntry& match : std::move(found).value())
        paths.push_back(std::move(match.name));
    return paths;
}

Result<std::vector<DirectoryEntry>> glob_entries(const FileSystem& files,
                                                 std::string_view pattern) {
    pattern = system_path(pattern);
    if (pattern.empty())
        return Matches{};
    std::optional<Matches> found = Globber(files).run(plan_for(std::string(pattern)));
    if (!found)
        return system_error(E2BIG, "glob()", std::string(pattern));
    return *std::move(found);
}

} // namespace upstream_lint
