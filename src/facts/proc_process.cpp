#include "facts/proc_process.hpp"

#include "facts/columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace upstream_lint {

namespace {

constexpr std::size_t id_size = 64;

/// The number behind three others: that which the kernel compares with a file's.
bool read_file_system_id(std::string_view line, std::uint32_t& id) {
    Columns columns(line);
    columns.skip(3);
    const auto number = parse_number<std::uint32_t>(columns.next());
    id = number.value_or(id);
    return number.has_value();
}

bool read_groups(std::string_view line, std::vector<std::uint32_t>& groups) {
    groups.clear();
    Columns columns(line);
    for (std::string_view word = columns.next(); !word.empty(); word = columns.next()) {
        const auto group = parse_number<std::uint32_t>(word);
        if (!group) {
            return false;
        }
        groups.push_back(*group);
    }
    return true;
}

bool read_capabilities(std::string_view line, std::uint64_t& capabilities) {
    const auto bits = parse_number<std::uint64_t>(Columns(line).next(), 16);
    capabilities = bits.value_or(capabilities);
    return bits.has_value();
}

bool read_status_line(std::string_view name, std::string_view value, Credentials& credentials) {
    if (name == "Uid") {
        return read_file_system_id(value, credentials.uid);
    }
    if (name == "Gid") {
        return read_file_system_id(value, credentials.gid);
    }
    if (name == "Groups") {
        return read_groups(value, credentials.groups);
    }
    return name == "CapEff" && read_capabilities(value, credentials.capabilities);
}

struct CgroupLine {
    std::string_view number;
    std::string_view controllers;
    std::string_view path;
};

/// `1:name=systemd:/a`. A path may have colons.
std::optional<CgroupLine> read_cgroup_line(std::string_view line) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first == std::string_view::npos ? 0 : first + 1);
    if (second == std::string_view::npos) {
        return std::nullopt;
    }
    std::string_view path = line.substr(second + 1);
    constexpr std::string_view removed = " (deleted)";
    if (path.ends_with(removed)) {
        path.remove_suffix(removed.size());
    }
    return CgroupLine{line.substr(0, first), line.substr(first + 1, second - first - 1), path};
}

/// How much a line says about units and containers.
int weight_of(const CgroupLine& line) {
    const bool is_unified = line.number == "0" && line.controllers.empty();
    const int of_hierarchy = is_unified ? 3 : line.controllers == "name=systemd" ? 2 : 1;
    return line.path == "/" ? of_hierarchy - 3 : of_hierarchy;
}

bool is_container_id(std::string_view text) {
    return text.size() == id_size &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// The id in a group's name, or nothing.
std::string_view container_of(std::string_view group) {
    constexpr std::array<std::string_view, 6> prefixes = {
        "docker-", "libpod-", "libpod-payload-", "cri-containerd-", "crio-", ""};
    if (group.ends_with(".scope")) {
        group.remove_suffix(std::string_view(".scope").size());
    }
    for (const std::string_view prefix : prefixes) {
        if (group.starts_with(prefix) && is_container_id(group.substr(prefix.size()))) {
            return group.substr(prefix.size());
        }
    }
    return {};
}

/// What the kernel escapes of a path: blanks, line ends and backslashes, as three octal digits.
std::string without_octal_escapes(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = text[i] == '\\' && i + 3 < text.size()
                              ? parse_number<std::uint8_t>(text.substr(i + 1, 3), 8)
                              : std::nullopt;
        plain += byte ? static_cast<char>(*byte) : text[i];
        i += byte ? 3U : 0U;
    }
    return plain;
}

std::optional<Mount> read_mount(std::string_view line) {
    Columns columns(line);
    columns.skip(3); // the mount, its parent, the device
    Mount mount;
    mount.root = without_octal_escapes(columns.next());
    mount.point = without_octal_escapes(columns.next());
    columns.skip(1); // options
    std::string_view word = columns.next();
    while (!word.empty() && word != "-") {
        word = columns.next();
    }
    mount.type = without_octal_escapes(columns.next());
    mount.source = without_octal_escapes(columns.next());
    const bool is_whole = word == "-" && mount.point.starts_with('/') && !mount.type.empty();
    return is_whole ? std::optional(std::move(mount)) : std::nullopt;
}

} // namespace

Parsed<Credentials> parse_proc_status(std::string_view text) {
    constexpr std::array<std::string_view, 4> wanted = {"Uid", "Gid", "Groups", "CapEff"};
    Parsed<Credentials> parsed;
    std::array<bool, wanted.size()> found{};
    Lines lines(text);
    while (const auto line = lines.next()) {
        const std::size_t colon = std::min(line->find(':'), line->size());
        const auto* const name = std::ranges::find(wanted, line->substr(0, colon));
        if (name == wanted.end() || colon == line->size() || !lines.has_end()) {
            continue;
        }
        found[static_cast<std::size_t>(name - wanted.begin())] =
            read_status_line(*name, line->substr(colon + 1), parsed.value);
    }
    parsed.reading.status = ReadStatus::ok;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (!found[i]) {
            parsed.reading = {ReadStatus::partial, "", fmt::format("has no {}", wanted[i])};
        }
    }
    return parsed;
}

std::optional<std::uint64_t> parse_proc_stat_start(std::string_view text) {
    // the command in parentheses may have parentheses and blanks itself
    const std::size_t end_of_command = text.rfind(')');
    if (end_of_command == std::string_view::npos) {
        return std::nullopt;
    }
    Columns columns(text.substr(end_of_command + 1));
    columns.skip(19); // fields 3 to 21
    const std::string_view word = columns.next();
    const bool is_whole = !columns.rest().empty(); // else digits may be missing
    return is_whole ? parse_number<std::uint64_t>(word) : std::nullopt;
}

std::string parse_proc_cgroup(std::string_view text) {
    std::string_view path;
    int weight = -3;
    Lines lines(text);
    while (const auto line = lines.next()) {
        const auto read = read_cgroup_line(*line);
        if (read && weight_of(*read) > weight) {
            weight = weight_of(*read);
            path = read->path;
        }
    }
    return std::string(path);
}

CgroupOwner owner_of_cgroup(std::string_view path) {
    CgroupOwner owner;
    std::string_view service;
    std::string_view scope;
    while (!path.empty() && owner.container.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        std::string_view group = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        // systemd puts `_` before names that would be files of the kernel's
        if (group.starts_with('_')) {
            group.remove_prefix(1);
        }
        owner.container = container_of(group);
        if (group.ends_with(".service")) {
            owner.is_user_unit = owner.is_user_unit || service.starts_with("user@");
            service = group;
        } else if (group.ends_with(".scope") && owner.container.empty()) {
            scope = group;
        }
    }
    owner.unit = service.empty() ? scope : service;
    return owner;
}

Parsed<std::vector<Mount>> parse_mountinfo(std::string_view text) {
    Parsed<std::vector<Mount>> parsed;
    OddPieces odd("lines");
    Lines lines(text);
    while (const auto line = lines.next()) {
        auto mount = lines.has_end() ? read_mount(*line) : std::nullopt;
        if (mount) {
            parsed.value.push_back(*std::move(mount));
        } else if (lines.has_end()) {
            odd.add();
        }
    }
    if (!lines.has_end()) {
        odd.end_is_missing();
    }
    parsed.reading = odd.reading();
    return parsed;
}

} // namespace upstream_lint
