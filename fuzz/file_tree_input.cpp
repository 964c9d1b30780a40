#include "file_tree_input.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <utility>

namespace upstream_lint::fuzz {
namespace {

constexpr std::size_t option_bytes = 16;
constexpr std::size_t max_sections = 24;
constexpr int copies = 40; // enough for a second thread to be worth its start

/// The options' bytes; 0 behind the input's end.
class OptionReader {
public:
    explicit OptionReader(std::string_view bytes) : bytes_(bytes.substr(0, option_bytes)) {}

    std::uint8_t byte() {
        return next_ < bytes_.size() ? static_cast<std::uint8_t>(bytes_[next_++]) : std::uint8_t{0};
    }

    /// A number below `bound`; '0' is the first.
    std::size_t below(std::size_t bound) {
        return static_cast<std::size_t>(byte() + 256U - '0') % 256U % bound;
    }

private:
    std::string_view bytes_;
    std::size_t next_ = 0;
};

NginxBuild read_build(OptionReader& options) {
    constexpr std::array<Version, 7> versions{{
        newest_tested_version,
        {1, 22, 1},
        {1, 18, 0},
        {1, 9, 0},
        {0, 8, 55},
        {1, 25, 1},
        {65535, 0, 1},
    }};
    NginxBuild build = official_build(versions[options.below(versions.size())]);
    switch (options.below(6)) {
    case 1:
        if (const auto all = modules_of_object("all", build))
            build.modules.insert(*all);
        break;
    case 2:
        build.modules.set_open();
        break;
    case 3:
        build.modules = {};
        break;
    case 4:
        build.modules.insert(build.loadable);
        break;
    case 5:
        build.modules = {};
        build.modules.set_open();
        break;
    default:
        break;
    }
    return build;
}

LoadLimits read_limits(OptionReader& options) {
    LoadLimits limits;
    // The usual input reaches none of these. Each unknown name is compared with all known ones, so
    // that diagnostics are what takes time.
    limits.inclusions = 2'000;
    limits.diagnostics = 24;
    switch (options.below(4)) {
    case 1:
        limits.inclusions = 1 + options.below(20);
        break;
    case 2:
        limits.total_bytes = options.below(200);
        break;
    case 3:
        limits.diagnostics = 1 + options.below(5);
        break;
    default:
        break;
    }
    return limits;
}

std::string folder_of(View view) {
    switch (view) {
    case View::root:
        return "/image/etc/nginx/";
    case View::map:
    case View::map_over_root:
        return "/deploy/";
    case View::plain:
    case View::overlay:
        break;
    }
    return "/etc/nginx/";
}

struct Section {
    char kind = 'f';
    std::string_view name;
    std::string_view text;
};

/// What stands in front of the next line that starts with `%%`.
std::string_view take_text(std::string_view& input) {
    std::size_t end = input.starts_with("%%") ? 0 : input.find("\n%%");
    if (end != std::string_view::npos && end != 0)
        ++end;
    end = std::min(end, input.size());
    const std::string_view text = input.substr(0, end);
    input.remove_prefix(end);
    return text;
}

/// `input` starts with `%%`.
Section take_section(std::string_view& input) {
    Section section;
    const std::size_t end = std::min(input.find('\n'), input.size());
    const std::string_view head = input.substr(0, end);
    section.kind = head.size() > 2 ? head[2] : 'f';
    section.name = head.size() > 4 ? head.substr(4) : "x";
    input.remove_prefix(std::min(end + 1, input.size()));
    section.text = take_text(input);
    return section;
}

std::string path_of(const Section& section, const std::string& folder, View view) {
    const std::string name(section.name.substr(0, section.name.find('\0')));
    if (!name.starts_with('/'))
        return folder + name;
    return view == View::root || view == View::map_over_root ? "/image" + name : name;
}

void add(MemoryFileSystem& files, const Section& section, const std::string& path) {
    switch (section.kind) {
    case 'm':
        for (int i = 0; i < copies; ++i) {
            const std::string number = std::to_string(i);
            files.add(path + (i < 10 ? "0" : "") + number + ".conf", std::string(section.text));
        }
        break;
    case 'l':
        files.add_symlink(path, std::string(section.text.substr(0, section.text.find('\n'))));
        break;
    case 'd':
        files.add_directory(path);
        break;
    case 'u':
        files.add_unreadable(path, section.text.starts_with('n') ? ENOENT : EACCES);
        break;
    case 's':
        files.add_special(path, FileKind::fifo);
        break;
    default:
        files.add(path, std::string(section.text));
        break;
    }
}

std::shared_ptr<const FileSystem> seen_through(std::shared_ptr<const FileSystem> files, View view,
                                               std::string_view main_text) {
    switch (view) {
    case View::root:
        return root_view(std::move(files), "/image");
    case View::map:
        return map_view(std::move(files), {{.name = "/etc/nginx", .path = "/deploy"}});
    case View::map_over_root:
        return map_over_root(std::move(files), "/image",
                             {{.name = "/etc/nginx", .path = "/deploy"}});
    case View::overlay:
        return overlay_view(std::move(files), std::string(main_file),
                            Bytes(std::string(main_text)));
    case View::plain:
        break;
    }
    return files;
}

} // namespace

FileTreeInput read_file_tree(std::string_view input) {
    FileTreeInput result;
    OptionReader options(input);
    input.remove_prefix(std::min(option_bytes, input.size()));

    result.options.build = read_build(options);
    const std::size_t context = options.below(3);
    const auto chosen = static_cast<Context>(options.below(context_count));
    if (context == 1 && chosen != Context::none && chosen != Context::raw)
        result.options.context = chosen;
    result.options.limits = read_limits(options);
    result.view = static_cast<View>(options.below(5));
    result.options.prefix = options.below(2) == 0 ? "/etc/nginx/" : "/";
    result.options.threads = 1 + static_cast<unsigned>(options.below(2));
    result.dump_bits = static_cast<std::uint8_t>(options.below(256));

    const std::string folder = folder_of(result.view);
    const auto files = std::make_shared<MemoryFileSystem>();
    const std::string_view main_text = take_text(input);
    if (result.view != View::overlay)
        files->add(folder + "nginx.conf", std::string(main_text));
    files->add("/outside/secret.conf", std::string(outside_text));
    for (std::size_t i = 0; i < max_sections && !input.empty(); ++i) {
        const Section section = take_section(input);
        add(*files, section, path_of(section, folder, result.view));
    }
    result.files = seen_through(files, result.view, main_text);
    return result;
}

} // namespace upstream_lint::fuzz
