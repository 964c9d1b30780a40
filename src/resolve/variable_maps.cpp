#include "resolve/variable_maps.hpp"

#include "config/ascii.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <limits>

namespace upstream_lint {

namespace {

using Words = std::vector<std::string>;

std::string_view behind_dollar(std::string_view word) {
    return word.starts_with('$') ? word.substr(1) : word;
}

/// Most significant byte first.
std::uint32_t number_of(const SocketAddress& address, std::size_t first) {
    std::uint32_t number = 0;
    for (std::size_t i = first; i < first + 4; ++i) {
        number = number << 8U | address.bytes[i];
    }
    return number;
}

class MapReader {
public:
    MapReader(VariableMap& map, VariableNames& names, HttpRegexes& regexes) :
        map_(map), names_(names), regexes_(regexes) {}

    void take(const Words& words) {
        if (words.size() == 1) {
            map_.has_hostnames = map_.has_hostnames || words[0] == "hostnames";
            map_.is_volatile = map_.is_volatile || words[0] == "volatile";
            return;
        }
        if (words[0] == "include") {
            return;
        }
        const auto index = static_cast<VariableMap::Index>(map_.values.size());
        map_.values.push_back(compile_complex_value(words[1], names_));
        add(words[0], index);
    }

private:
    void add(std::string_view key, VariableMap::Index index) {
        if (key == "default") {
            map_.default_value = index;
            return;
        }
        if (key.starts_with('~')) {
            key.remove_prefix(1);
            const bool any_case = key.starts_with('*');
            map_.regexes.emplace_back(
                &regexes_.find(key.substr(any_case ? 1 : 0),
                               any_case ? Case::insensitive : Case::sensitive),
                index);
            return;
        }
        if (key.starts_with('\\')) {
            key.remove_prefix(1);
        }
        if (map_.has_hostnames) {
            wildcards_.emplace_back(lower(key), index);
        } else {
            map_.exact.emplace(lower(key), index);
        }
    }

public:
    /// The table views the names, which have to stay where they are by now.
    void finish() {
        for (auto& [name, index] : wildcards_) {
            map_.name_texts.push_back(std::move(name));
        }
        for (std::size_t i = 0; i < wildcards_.size(); ++i) {
            map_.names.add(map_.name_texts[i], wildcards_[i].second);
        }
    }

private:
    VariableMap& map_;
    VariableNames& names_;
    HttpRegexes& regexes_;
    std::vector<std::pair<std::string, VariableMap::Index>> wildcards_;
};

class GeoReader {
public:
    explicit GeoReader(GeoMap& geo) : geo_(geo) {}

    void take(const Words& words) {
        if (words.size() == 1) {
            geo_.has_ranges = geo_.has_ranges || words[0] == "ranges";
            geo_.is_volatile = geo_.is_volatile || words[0] == "volatile";
            return;
        }
        if (words[0] == "include") {
            return;
        }
        if (words[0] == "proxy") {
            geo_.has_proxies = true;
            return;
        }
        if (words[0] == "default") {
            geo_.default_value = keep(words[1]);
            return;
        }
        const bool is_delete = words[0] == "delete";
        const std::string& key = words[is_delete ? 1 : 0];
        if (geo_.has_ranges) {
            take_range(key, is_delete, words[1]);
        } else {
            take_network(key, is_delete, words[1]);
        }
    }

private:
    std::string_view keep(const std::string& value) {
        return *geo_.values.emplace_back(std::make_unique<const std::string>(value));
    }

    void take_network(const std::string& key, bool is_delete, const std::string& value) {
        const auto network = parse_cidr(key == "255.255.255.255" ? "255.255.255.255/32" : key);
        if (!network) {
            return;
        }
        RadixTree& tree = network->address.family == AddressFamily::inet6 ? geo_.ipv6 : geo_.ipv4;
        tree.erase(*network);
        if (!is_delete) {
            tree.insert(*network, keep(value));
        }
    }

    void take_range(const std::string& key, bool is_delete, const std::string& value) {
        const std::size_t dash = key.find('-');
        const auto first = parse_ipv4(key.substr(0, dash));
        const auto last = parse_ipv4(key.substr(dash == std::string::npos ? 0 : dash + 1));
        const auto end = key.ends_with("255.255.255.255")
                             ? std::numeric_limits<std::uint32_t>::max()
                         : last ? number_of(*last, 0)
                                : 0;
        if (!first) {
            return;
        }
        const GeoMap::Range range{number_of(*first, 0), end, keep(value)};
        if (is_delete) {
            std::erase_if(geo_.ranges, [&](const GeoMap::Range& each) {
                return each.first == range.first && each.last == range.last;
            });
        } else {
            geo_.ranges.push_back(range);
        }
    }

    GeoMap& geo_;
};

void read_split(SplitClients& split, const Words& words, std::uint64_t& last) {
    if (words.size() < 2 || words[0] == "include") {
        return;
    }
    constexpr std::uint64_t whole = 10000; // percent, with two digits behind the point
    const auto percent =
        parse_fixed_point(std::string_view(words[0]).substr(0, words[0].size() - 1), 2);
    if (words[0] == "*" || !percent) {
        split.parts.push_back({0, words[1]});
        return;
    }
    last +=
        static_cast<std::uint64_t>(*percent) * std::numeric_limits<std::uint32_t>::max() / whole;
    split.parts.push_back({static_cast<std::uint32_t>(last), words[1]});
}

} // namespace

VariableMap::Index VariableMap::find(const std::string& key) const {
    if (const auto found = exact.find(key); found != exact.end()) {
        return found->second;
    }
    return names.find(key);
}

std::string_view GeoMap::find(const std::optional<SocketAddress>& client) const {
    const bool is_ipv6 = client && client->family == AddressFamily::inet6;
    const bool is_mapped = is_ipv6 && is_mapped_ipv4(*client);
    const bool is_ipv4 = (client && client->family == AddressFamily::inet) || is_mapped;
    if (is_ipv6 && !is_mapped && !has_ranges) {
        const std::string_view value = ipv6.find({.address = *client, .length = 128});
        return value.data() != nullptr ? value : default_value;
    }
    const std::uint32_t number = is_ipv4 ? number_of(*client, is_mapped ? 12 : 0)
                                         : std::numeric_limits<std::uint32_t>::max();
    if (has_ranges) {
        const auto found = std::find_if(ranges.rbegin(), ranges.rend(), [&](const Range& range) {
            return range.first <= number && number <= range.last;
        });
        return found != ranges.rend() ? found->value : default_value;
    }
    SocketAddress found{.family = AddressFamily::inet};
    for (unsigned i = 0; i < 4; ++i) {
        found.bytes[i] = static_cast<std::uint8_t>(number >> (24U - 8U * i));
    }
    const std::string_view value = ipv4.find({.address = found, .length = 32});
    return value.data() != nullptr ? value : default_value;
}

std::string_view SplitClients::find(std::string_view key) const {
    const std::uint32_t hash = murmur_hash2(key);
    const auto found = std::ranges::find_if(
        parts, [&](const Part& part) { return hash < part.until || part.until == 0; });
    return found != parts.end() ? std::string_view(found->value) : std::string_view();
}

std::uint32_t murmur_hash2(std::string_view text) {
    constexpr std::uint32_t factor = 0x5bd1e995;
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
    };
    auto hash = static_cast<std::uint32_t>(text.size());
    for (; text.size() >= 4; text.remove_prefix(4)) {
        std::uint32_t word = byte(0) | byte(1) << 8U | byte(2) << 16U | byte(3) << 24U;
        word *= factor;
        word ^= word >> 24U;
        word *= factor;
        hash *= factor;
        hash ^= word;
    }
    for (std::size_t i = text.size(); i > 0; --i) {
        hash ^= byte(i - 1) << (8U * static_cast<unsigned>(i - 1));
    }
    if (!text.empty()) {
        hash *= factor;
    }
    hash ^= hash >> 13U;
    hash *= factor;
    return hash ^ hash >> 15U;
}

namespace {

/// The variables that a block of another module sets, one in each line.
void add_others(VariableMaps& maps, const Model& model, const DataBlock& block,
                VariableNames& names) {
    for (const DirectiveRef line : block.lines) {
        const Words words = model.words(line);
        if (words[0].starts_with('$')) {
            maps.others.push_back(names.index(lower(behind_dollar(words[0]))));
        }
    }
}

} // namespace

VariableMaps compile_variable_maps(const Model& model, Protocol protocol, VariableNames& names,
                                   HttpRegexes& regexes) {
    VariableMaps maps;
    for (const DataBlock& block : model.data_blocks()) {
        if (block.protocol != protocol) {
            continue;
        }
        const Words words = model.words(block.block);
        const std::string_view last = words.back();
        const VariableIndex variable = names.index(lower(behind_dollar(last)));
        if (block.name == "map") {
            VariableMap& map = maps.maps[variable];
            map.directive = block.block;
            map.source = compile_complex_value(words[1], names);
            MapReader reader(map, names, regexes);
            for (const DirectiveRef line : block.lines) {
                reader.take(model.words(line));
            }
            reader.finish();
        } else if (block.name == "geo") {
            GeoMap& geo = maps.geos[variable];
            geo.directive = block.block;
            geo.address =
                compile_complex_value(words.size() > 2 ? words[1] : "$remote_addr", names);
            GeoReader reader(geo);
            for (const DirectiveRef line : block.lines) {
                reader.take(model.words(line));
            }
        } else if (block.name == "split_clients") {
            SplitClients& split = maps.splits[variable];
            split.directive = block.block;
            split.source = compile_complex_value(words[1], names);
            std::uint64_t last_hash = 0;
            for (const DirectiveRef line : block.lines) {
                read_split(split, model.words(line), last_hash);
            }
        } else {
            add_others(maps, model, block, names);
        }
    }
    return maps;
}

} // namespace upstream_lint
