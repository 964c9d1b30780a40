#include "upstream_lint/address.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <fmt/format.h>
#include <span>

namespace upstream_lint {

namespace {

constexpr std::size_t none = std::string_view::npos;

/// Digits alone (ngx_atoi).
std::optional<unsigned> parse_up_to(std::string_view text, unsigned largest) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc() && end == text.data() + text.size();
    return is_number && value <= largest ? std::optional(value) : std::nullopt;
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
    unsigned value = 0;
    const auto [end, error] = std::from_chars(&byte, &byte + 1, value, 16);
    return error == std::errc() ? std::optional(value) : std::nullopt;
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
    std::string text = std::to_string(bytes[0]);
    for (const std::uint8_t byte : bytes.subspan(1, 3)) {
        text += '.';
        text += std::to_string(byte);
    }
    return text;
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
        return address_text(address) + ":" + std::to_string(address.port);
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
    const auto port = parse_up_to(text.substr(colon + 1), 65535);
    auto address = parse_address(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
    if (!port || *port == 0 || !address) {
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
    const auto length = parse_up_to(text.substr(slash + 1), bits);
    if (!length) {
        return std::nullopt;
    }
    cidr.length = *length;
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

} // namespace upstream_lint
