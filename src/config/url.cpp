#include "config/url.hpp"

#include "config/ascii.hpp"
#include "config/messages.hpp"
#include "config/value.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <span>

namespace upstream_lint {

namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t unix_path_capacity = 108;

constexpr std::string_view invalid_host = "invalid host";
constexpr std::string_view invalid_port = "invalid port";
constexpr std::string_view invalid_range = "invalid port range";
constexpr std::string_view no_host = "no host";

bool is_port(std::optional<std::int64_t> number) {
    return number && *number >= 1 && *number <= 65535;
}

/// ngx_inet_addr
std::optional<std::uint32_t> ipv4_number(std::string_view text) {
    std::uint32_t address = 0;
    std::uint32_t octet = 0;
    int dots = 0;
    for (const char byte : text) {
        if (byte == '.') {
            address = (address << 8) + octet;
            octet = 0;
            ++dots;
            continue;
        }
        if (byte < '0' || byte > '9') {
            return std::nullopt;
        }
        octet = octet * 10 + static_cast<std::uint32_t>(byte - '0');
        if (octet > 255) {
            return std::nullopt;
        }
    }
    address = (address << 8) + octet;
    return dots == 3 && address != 0xFFFFFFFF ? std::optional(address) : std::nullopt;
}

std::optional<unsigned> nibble(char byte) {
    const auto value = parse_hexadecimal({&byte, 1});
    return value ? std::optional(static_cast<unsigned>(*value)) : std::nullopt;
}

/// The groups of an IPv6 address, one after the other.
class Ipv6 {
public:
    /// Takes a digit of the current group.
    bool digit(char byte) {
        const auto value = nibble(byte);
        if (!value || ++nibbles_ > 4) {
            return false;
        }
        word_ = word_ * 16 + *value;
        return true;
    }

    /// Ends the current group, or stands for zeros.
    bool colon() {
        began_ = true;
        if (nibbles_ == 0) {
            const bool first = gap_ == none;
            gap_ = first ? size_ : gap_;
            return first;
        }
        put(word_);
        nibbles_ = 0;
        word_ = 0;
        return size_ < 16;
    }

    /// Takes what is behind the last colon as IPv4.
    bool ipv4(std::string_view text) {
        const auto address = ipv4_number(text);
        if (!began_ || size_ > 12 || !address) {
            return false;
        }
        put(*address >> 16);
        word_ = *address & 0xFFFF;
        return true;
    }

    std::optional<std::array<std::uint8_t, 16>> address() {
        if (nibbles_ == 0 && gap_ == none) {
            return std::nullopt;
        }
        put(word_);
        if ((size_ == 16) != (gap_ == none)) {
            return std::nullopt;
        }
        if (gap_ != none) {
            const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(gap_);
            const auto end = bytes_.begin() + static_cast<std::ptrdiff_t>(size_);
            std::rotate(from, end, bytes_.end());
        }
        return bytes_;
    }

    [[nodiscard]] bool in_group() const noexcept { return nibbles_ != 0; }

private:
    void put(std::uint32_t word) {
        bytes_[size_++] = static_cast<std::uint8_t>(word >> 8);
        bytes_[size_++] = static_cast<std::uint8_t>(word);
    }

    std::array<std::uint8_t, 16> bytes_{};
    std::size_t size_ = 0;
    std::size_t gap_ = none;
    std::uint32_t word_ = 0;
    unsigned nibbles_ = 0;
    bool began_ = false;
};

/// Where the longest run of at least two zero groups begins, and its length in groups.
struct ZeroRun {
    std::size_t begin = none;
    std::size_t length = 1;
};

ZeroRun longest_zero_run(std::span<const std::uint8_t, 16> bytes) {
    ZeroRun longest;
    std::size_t length = 0;
    for (std::size_t i = 0; i < 16; i += 2) {
        length = bytes[i] == 0 && bytes[i + 1] == 0 ? length + 1 : 0;
        if (length > longest.length) {
            longest = {i - (length - 1) * 2, length};
        }
    }
    return longest;
}

std::string ipv4_text(std::span<const std::uint8_t> bytes) {
    return fmt::format("{}.{}.{}.{}", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/// ngx_inet6_ntop
std::string ipv6_text(std::span<const std::uint8_t, 16> bytes) {
    const ZeroRun zeros = longest_zero_run(bytes);
    const bool leading = zeros.begin == 0;
    const bool mapped =
        leading && ((zeros.length == 5 && bytes[10] == 0xFF && bytes[11] == 0xFF) ||
                    zeros.length == 6 || (zeros.length == 7 && bytes[14] != 0 && bytes[15] != 1));
    const std::size_t groups_end = mapped ? 12 : 16;
    std::string text = leading ? ":" : "";
    for (std::size_t i = 0; i < groups_end; i += 2) {
        if (i == zeros.begin) {
            text += ':';
            i += (zeros.length - 1) * 2;
            continue;
        }
        text += fmt::format("{:x}{}", bytes[i] * 256 + bytes[i + 1], i < 14 ? ":" : "");
    }
    return mapped ? text + ipv4_text(bytes.subspan(12)) : text;
}

/// Reads a port or, of `listen`, a range of them. Returns nginx's reason when there is one.
std::string_view read_ports(std::string_view text, bool listen, Url& url) {
    const std::size_t dash = listen ? text.find('-') : none;
    if (dash != none) {
        const auto last = parse_number(text.substr(dash + 1));
        if (!is_port(last)) {
            return invalid_port;
        }
        url.last_port = static_cast<std::uint16_t>(*last);
    }
    const auto first = parse_number(text.substr(0, dash));
    if (!is_port(first)) {
        return invalid_port;
    }
    if (url.last_port != 0 && *first > url.last_port) {
        return invalid_range;
    }
    url.port = static_cast<std::uint16_t>(*first);
    url.port_text = text;
    url.has_port = true;
    return {};
}

/// Whether text without a colon is a port, as far as nginx looks before it takes it for a host.
bool is_port_alone(std::string_view text) {
    const std::size_t dash = text.find('-');
    return parse_number(text.substr(0, dash)) &&
           (dash == none || parse_number(text.substr(dash + 1)));
}

Url failed(Url url, std::string_view error) {
    url.error = error;
    return url;
}

Url found(Url url, SocketAddress address) {
    address.port = url.port;
    url.is_wildcard = address.is_wildcard();
    url.address = address;
    return url;
}

/// ngx_parse_unix_domain_url
Url parse_unix(std::string_view path, const UrlOptions& options) {
    Url url;
    const std::size_t colon = options.uri_part ? path.find(':') : none;
    if (colon != none) {
        url.uri = path.substr(colon + 1);
        path = path.substr(0, colon);
    }
    if (path.empty()) {
        return failed(url, "no path in the unix domain socket");
    }
    url.host = path;
    if (path.size() >= unix_path_capacity) {
        return failed(url, "too long path in the unix domain socket");
    }
    url.address = SocketAddress{.family = AddressFamily::unix_socket, .path = c_string(path)};
    return url;
}

/// ngx_parse_inet6_url; `text` begins with a bracket.
Url parse_inet6(std::string_view text, const UrlOptions& options) {
    Url url;
    const std::size_t bracket = text.find(']');
    if (bracket == none) {
        return failed(url, invalid_host);
    }
    std::string_view rest = text.substr(bracket + 1);
    const std::size_t slash = rest.find('/');
    if (slash != none) {
        if (options.listen || !options.uri_part) {
            return failed(url, invalid_host);
        }
        url.uri = rest.substr(slash);
        rest = rest.substr(0, slash);
    }
    url.port = options.default_port;
    if (!rest.empty()) {
        if (rest.front() != ':') {
            return failed(url, invalid_host);
        }
        const std::string_view error = read_ports(rest.substr(1), options.listen, url);
        if (!error.empty()) {
            return failed(url, error);
        }
    }
    const std::string_view host = text.substr(1, bracket - 1);
    if (host.empty()) {
        return failed(url, no_host);
    }
    url.host = text.substr(0, bracket + 1);
    const auto address = parse_ipv6(host);
    return address ? found(url, *address) : failed(url, "invalid IPv6 address");
}

/// ngx_parse_inet_url
Url parse_inet(std::string_view text, const UrlOptions& options) {
    Url url;
    std::string_view host = text;
    const std::size_t begin_of_uri = host.find_first_of("/?");
    if (begin_of_uri != none) {
        if (options.listen || !options.uri_part) {
            return failed(url, invalid_host);
        }
        url.uri = host.substr(begin_of_uri);
        host = host.substr(0, begin_of_uri);
    }
    url.port = options.default_port;
    const std::size_t colon = host.find(':');
    const bool port_alone =
        colon == none && begin_of_uri == none && options.listen && is_port_alone(host);
    if (colon != none || port_alone) {
        const std::string_view ports = port_alone ? host : host.substr(colon + 1);
        const std::string_view error = read_ports(ports, options.listen, url);
        if (!error.empty()) {
            return failed(url, error);
        }
        host = port_alone ? std::string_view() : host.substr(0, colon);
    }
    if (port_alone) {
        return found(url, {});
    }
    if (host.empty()) {
        return failed(url, no_host);
    }
    url.host = host;
    if (options.listen && host == "*") {
        return found(url, {});
    }
    const auto address = parse_ipv4(host);
    return address ? found(url, *address) : url;
}

bool is_unix(std::string_view text) {
    return starts_ignoring_case(text, "unix:");
}

} // namespace

std::string address_text(const SocketAddress& address) {
    switch (address.family) {
    case AddressFamily::inet:
        return ipv4_text(address.bytes);
    case AddressFamily::inet6:
        return ipv6_text(address.bytes);
    case AddressFamily::unix_socket:
        break;
    }
    return fmt::format("unix:{}", address.path);
}

std::string socket_text(const SocketAddress& address) {
    switch (address.family) {
    case AddressFamily::inet:
        return fmt::format("{}:{}", address_text(address), address.port);
    case AddressFamily::inet6:
        return fmt::format("[{}]:{}", address_text(address), address.port);
    case AddressFamily::unix_socket:
        break;
    }
    return address_text(address);
}

std::optional<SocketAddress> parse_ipv4(std::string_view text) {
    const auto number = ipv4_number(text);
    if (!number) {
        return std::nullopt;
    }
    SocketAddress address;
    for (std::size_t i = 0; i < 4; ++i) {
        address.bytes[i] = static_cast<std::uint8_t>(*number >> (24 - 8 * i));
    }
    return address;
}

std::optional<SocketAddress> parse_ipv6(std::string_view text) {
    if (text.starts_with(':')) {
        text.remove_prefix(1);
    }
    Ipv6 groups;
    std::size_t last_group = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.' && groups.in_group()) {
            if (!groups.ipv4(text.substr(last_group))) {
                return std::nullopt;
            }
            break;
        }
        if (text[i] == ':' ? !groups.colon() : !groups.digit(text[i])) {
            return std::nullopt;
        }
        last_group = text[i] == ':' ? i + 1 : last_group;
    }
    const auto bytes = groups.address();
    if (!bytes) {
        return std::nullopt;
    }
    return SocketAddress{.family = AddressFamily::inet6, .bytes = *bytes};
}

std::optional<SocketAddress> parse_address(std::string_view text) {
    const auto address = parse_ipv4(text);
    return address ? address : parse_ipv6(text);
}

std::optional<SocketAddress> parse_address_and_port(std::string_view text) {
    if (auto address = parse_address(text)) {
        return address;
    }
    const bool bracketed = text.starts_with('[');
    const std::size_t colon = bracketed ? text.find("]:") + 1 : text.find(':');
    if (colon == none || colon == 0 || (bracketed && text.find(']') + 1 != colon)) {
        return std::nullopt;
    }
    const auto port = parse_number(text.substr(colon + 1));
    auto address = parse_address(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
    if (!is_port(port) || !address) {
        return std::nullopt;
    }
    address->port = static_cast<std::uint16_t>(*port);
    return address;
}

std::optional<Cidr> parse_cidr(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = parse_address(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    const unsigned bits = address->family == AddressFamily::inet ? 32 : 128;
    Cidr cidr{.address = *address, .length = bits};
    if (slash == none) {
        return cidr;
    }
    const auto length = parse_number(text.substr(slash + 1));
    if (!length || *length > bits) {
        return std::nullopt;
    }
    cidr.length = static_cast<unsigned>(*length);
    for (unsigned i = cidr.length / 8; i < bits / 8; ++i) {
        const unsigned kept = i == cidr.length / 8 ? cidr.length % 8 : 0;
        const unsigned mask = 0xFF00U >> kept & 0xFFU;
        cidr.has_low_bits = cidr.has_low_bits || (cidr.address.bytes[i] & ~mask & 0xFFU) != 0;
        cidr.address.bytes[i] = static_cast<std::uint8_t>(cidr.address.bytes[i] & mask);
    }
    return cidr;
}

bool is_in_network(const SocketAddress& address, const Cidr& network) {
    SocketAddress compared = address;
    if (address.family == AddressFamily::inet6 && network.address.family == AddressFamily::inet &&
        is_mapped_ipv4(address)) {
        compared = {.family = AddressFamily::inet};
        std::copy(address.bytes.begin() + 12, address.bytes.end(), compared.bytes.begin());
    }
    if (compared.family != network.address.family) {
        return false;
    }
    for (unsigned bit = 0; bit < network.length; ++bit) {
        const unsigned mask = 0x80U >> bit % 8;
        if (((compared.bytes[bit / 8] ^ network.address.bytes[bit / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

bool is_mapped_ipv4(const SocketAddress& address) {
    const auto& bytes = address.bytes;
    return address.family == AddressFamily::inet6 &&
           std::all_of(bytes.begin(), bytes.begin() + 10, [](auto byte) { return byte == 0; }) &&
           bytes[10] == 0xff && bytes[11] == 0xff;
}

Url parse_url(std::string_view text, const UrlOptions& options) {
    if (is_unix(text)) {
        return parse_unix(text.substr(5), options);
    }
    return text.starts_with('[') ? parse_inet6(text, options) : parse_inet(text, options);
}

} // namespace upstream_lint
