#include "facts/hosts_file.hpp"

#include "facts/columns.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <unordered_map>

namespace upstream_lint {

namespace {

constexpr std::size_t max_nameservers = 3; // MAXNS
constexpr unsigned max_ndots = 15;         // RES_MAXNDOTS

std::string_view without_comment(std::string_view line) {
    line = line.substr(0, line.find('#'));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
}

std::vector<std::string> words_of(Columns columns) {
    std::vector<std::string> words;
    for (std::string_view word = columns.next(); !word.empty(); word = columns.next()) {
        words.emplace_back(word);
    }
    return words;
}

/// `fe80::1%eth0` is an address too; its interface is left out.
std::optional<SocketAddress> host_address(std::string_view text) {
    return parse_address(text.substr(0, text.find('%')));
}

void read_options(Columns columns, ResolvConf& conf) {
    constexpr std::string_view ndots = "ndots:";
    for (std::string_view word = columns.next(); !word.empty(); word = columns.next()) {
        if (word.starts_with(ndots)) {
            const auto number = parse_number<unsigned>(word.substr(ndots.size()));
            conf.ndots = number ? std::min(*number, max_ndots) : conf.ndots;
        }
    }
}

/// `dns [!UNAVAIL=return] files` without what stands in brackets, which may have blanks.
std::string without_actions(std::string_view line) {
    std::string sources;
    while (!line.empty()) {
        const std::size_t open = std::min(line.find('['), line.size());
        sources += line.substr(0, open);
        const std::size_t close = line.find(']', open);
        line.remove_prefix(close == std::string_view::npos ? line.size() : close + 1);
        sources += ' ';
    }
    return sources;
}

} // namespace

std::vector<HostsEntry> parse_hosts(std::string_view text) {
    std::vector<HostsEntry> entries;
    std::unordered_map<std::string, std::size_t> places;
    Lines lines(text);
    while (const auto line = lines.next()) {
        Columns columns(without_comment(*line));
        const auto address = host_address(columns.next());
        if (!address) {
            continue;
        }
        for (const std::string& name : words_of(columns)) {
            const auto [place, is_new] = places.emplace(name, entries.size());
            if (is_new) {
                entries.push_back({.name = name, .addresses = {}});
            }
            entries[place->second].addresses.push_back(*address);
        }
    }
    return entries;
}

ResolvConf parse_resolv_conf(std::string_view text) {
    ResolvConf conf;
    Lines lines(text);
    while (const auto line = lines.next()) {
        // keywords begin the line, comments too
        if (line->starts_with('#') || line->starts_with(';') || line->starts_with(' ')) {
            continue;
        }
        Columns columns(without_comment(*line));
        const std::string_view keyword = columns.next();
        if (keyword == "nameserver" && conf.nameservers.size() < max_nameservers) {
            const std::string_view address = columns.next();
            if (host_address(address)) {
                conf.nameservers.emplace_back(address);
            }
        } else if (keyword == "search") {
            conf.search = words_of(columns);
        } else if (keyword == "domain") {
            conf.search = {std::string(columns.next())};
        } else if (keyword == "options") {
            read_options(columns, conf);
        }
    }
    return conf;
}

std::vector<std::string> parse_nsswitch_hosts(std::string_view text) {
    constexpr std::string_view database = "hosts:";
    Lines lines(text);
    while (const auto line = lines.next()) {
        std::string_view rest = without_comment(*line);
        rest.remove_prefix(std::min(rest.find_first_not_of(" \t"), rest.size()));
        if (rest.starts_with(database)) {
            const std::string sources = without_actions(rest.substr(database.size()));
            return words_of(Columns(sources));
        }
    }
    return {"files", "dns"};
}

} // namespace upstream_lint
