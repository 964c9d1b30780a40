#include "config/client_networks.hpp"
#include "config/messages.hpp"
#include "config/modules/modules.hpp"
#include "config/radix_tree.hpp"
#include "config/script.hpp"
#include "config/url.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <vector>

/// src/http/modules/ngx_http_geo_module.c; src/stream/ngx_stream_geo_module.c says the same, and
/// knows no proxies.
namespace upstream_lint {

namespace {

struct Range {
    std::uint32_t start;
    std::uint32_t end;
    std::string_view value;
};

/// The ranges of addresses with the same first two bytes, by the last two, in order.
using Block = std::vector<Range>;

/// The body of one `geo`.
struct Geo {
    bool stream = false;
    bool ranges = false;
    bool networks = false; ///< there have been some
    RadixTree ipv4;
    RadixTree ipv6;
    std::optional<std::string_view> default_range;
    std::map<std::uint32_t, Block> blocks;
};

/// What lies in one block of a range of addresses.
struct Part {
    std::uint32_t block;
    std::uint32_t start;
    std::uint32_t end;
};

template <typename Take> void for_each_part(std::uint32_t start, std::uint32_t end, Take take) {
    const std::uint32_t last = end >> 16U;
    for (std::uint32_t block = start >> 16U; block <= last; ++block) {
        const Part part{block, block == start >> 16U ? start & 0xffffU : 0U,
                        block == last ? end & 0xffffU : 0xffffU};
        if (!take(part)) {
            return;
        }
    }
}

bool is_ipv6(const Cidr& network) {
    return network.address.family == AddressFamily::inet6;
}

/// Most significant byte first.
std::optional<std::uint32_t> number_of(const std::optional<SocketAddress>& address) {
    if (!address) {
        return std::nullopt;
    }
    std::uint32_t number = 0;
    for (const std::uint8_t byte : std::span(address->bytes).first(4)) {
        number = number << 8U | byte;
    }
    return number;
}

/// ngx_http_geo_cidr_add
void add_network(Directive& line, Geo& geo, const Cidr& network) {
    RadixTree& tree = is_ipv6(network) ? geo.ipv6 : geo.ipv4;
    const std::string_view value = line.cycle().keep(line[1]);
    if (tree.insert(network, value)) {
        return;
    }
    line.warn(0, fmt::format("duplicate network \"{}\", value: \"{}\", old value: \"{}\"", line[0],
                             value, tree.find(network)));
    tree.erase(network);
    tree.insert(network, value);
}

/// ngx_http_geo_cidr
void network_line(Directive& line, Geo& geo) {
    geo.networks = true;
    const std::string_view key = c_string(line[0]);
    if (key == "default") {
        add_network(line, geo, {});
        add_network(line, geo, {.address = {.family = AddressFamily::inet6}});
        return;
    }
    const bool is_delete = key == "delete";
    const std::size_t word = is_delete ? 1 : 0;
    const auto network = read_network(line, word);
    if (!network) {
        return;
    }
    if (!is_delete) {
        add_network(line, geo, *network);
        return;
    }
    if (!(is_ipv6(*network) ? geo.ipv6 : geo.ipv4).erase(*network)) {
        line.warn(word, fmt::format("no network \"{}\" to delete", line[word]));
    }
}

/// Puts the part among the ranges of its block; false when it lies across one of them.
bool add_part(Directive& line, Block& block, const Part& part, std::string_view value) {
    const auto [number, start, end] = part;
    std::size_t i = block.size();
    while (i > 0 && end < block[i - 1].start) {
        --i;
    }
    const auto at = block.begin() + static_cast<std::ptrdiff_t>(i);
    if (i == 0 || start > block[i - 1].end) {
        block.insert(at, {start, end, value});
        return true;
    }
    Range& other = block[i - 1];
    if (start == other.start && end == other.end) {
        line.warn(0, fmt::format("duplicate range \"{}\", value: \"{}\", old value: \"{}\"",
                                 line[0], value, other.value));
        other.value = value;
        return true;
    }
    if (start < other.start || end > other.end) {
        line.emerg(0,
                   fmt::format("range \"{0}\" overlaps \"{1}.{2}.{3}.{4}-{1}.{2}.{5}.{6}\"",
                               line[0], number >> 8U, number & 0xffU, other.start >> 8U,
                               other.start & 0xffU, other.end >> 8U, other.end & 0xffU),
                   Cause::conflict);
        return false;
    }
    // inside the other one, of which up to two ends stay
    const Range whole = other;
    other = {start, end, value};
    if (end < whole.end) {
        block.insert(at, {end + 1, whole.end, whole.value});
    }
    if (start > whole.start) {
        const auto before = block.begin() + static_cast<std::ptrdiff_t>(i - 1);
        block.insert(before, {whole.start, start - 1, whole.value});
    }
    return true;
}

/// ngx_http_geo_delete_range: whether there was nothing to delete somewhere. A block that loses
/// its last range while nginx looks through it counts as found.
bool delete_range(Geo& geo, std::uint32_t start, std::uint32_t end) {
    bool missed = false;
    for_each_part(start, end, [&](const Part& part) {
        Block& block = geo.blocks[part.block];
        const auto found = std::ranges::find_if(block, [&part](const Range& range) {
            return range.start == part.start && range.end == part.end;
        });
        if (found == block.end()) {
            missed = true;
        } else {
            block.erase(found);
        }
        return true;
    });
    return missed;
}

/// `10.0.0.0-10.0.0.255`
std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_range(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto start = number_of(parse_ipv4(text.substr(0, dash)));
    const auto end = number_of(parse_ipv4(text.substr(dash + 1)));
    if (!start || !end || *start > *end) {
        return std::nullopt;
    }
    return std::pair(*start, *end);
}

/// ngx_http_geo_range
void range_line(Directive& line, Geo& geo) {
    const std::string_view key = c_string(line[0]);
    if (key == "default") {
        if (geo.default_range) {
            line.warn(0, fmt::format("duplicate default geo range value: \"{}\", old value: \"{}\"",
                                     line[1], *geo.default_range));
        }
        geo.default_range = line.cycle().keep(line[1]);
        return;
    }
    const bool is_delete = key == "delete";
    const std::size_t word = is_delete ? 1 : 0;
    const auto range = parse_range(line[word]);
    if (!range) {
        line.emerg(word, fmt::format("invalid range \"{}\"", line[word]));
        return;
    }
    const auto [start, end] = *range;
    if (is_delete) {
        if (delete_range(geo, start, end)) {
            line.warn(word, fmt::format("no address range \"{}\" to delete", line[word]));
        }
        return;
    }
    const std::string_view value = line.cycle().keep(line[1]);
    for_each_part(start, end, [&](const Part& part) {
        return add_part(line, geo.blocks[part.block], part, value);
    });
}

/// The words that stand alone; false for all others.
bool option_line(Directive& line, Geo& geo) {
    const std::string_view option = c_string(line[0]);
    if (option == "ranges") {
        if (geo.networks) {
            line.emerg(0, "the \"ranges\" directive must be the first directive inside \"geo\" "
                          "block");
        }
        geo.ranges = true;
        return true;
    }
    return (option == "proxy_recursive" && !geo.stream) ||
           (option == "volatile" && !line.cycle().before(1, 29, 3));
}

/// ngx_http_geo
void geo_line(Directive& line) {
    auto& geo = line.scope().conf<Geo>();
    geo.stream = line.scope().is_in_stream();
    if (line.size() == 0 && option_line(line, geo)) {
        return;
    }
    if (line.size() != 1) {
        line.emerg(0, "invalid number of the geo parameters", Cause::arguments);
        return;
    }
    if (c_string(line[0]) == "proxy" && !geo.stream) {
        (void)read_network(line, 1);
    } else if (geo.ranges) {
        range_line(line, geo);
    } else {
        network_line(line, geo);
    }
}

constexpr std::array<DirectiveSetter, 1> setters = {{
    {"geo", shared::geo_block},
}};

} // namespace

/// ngx_http_geo_block
void shared::geo_block(Directive& directive) {
    directive.set_line_handler(geo_line);
    std::size_t word = 1;
    std::string_view name = script::variable_name(directive, word);
    if (name.empty()) {
        return;
    }
    if (directive.size() == 2) {
        script::use_variable(directive, word, name);
        name = script::variable_name(directive, ++word);
    }
    if (!name.empty()) {
        (void)script::define_variable(directive, word, name, true);
    }
}

const ModuleSetters ngx_http_geo_module = {"ngx_http_geo", setters};

} // namespace upstream_lint
