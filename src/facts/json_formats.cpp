#include "facts/json_formats.hpp"

#include "facts/columns.hpp"
#include "facts/time_text.hpp"

#include <algorithm>
#include <optional>

namespace upstream_lint {

namespace {

using Json = nlohmann::json;

constexpr std::string_view broadcast = "255.255.255.255";

std::string_view text_of(const Json& json) {
    return json.is_string() ? std::string_view(json.get_ref<const std::string&>())
                            : std::string_view();
}

/// nginx takes `255.255.255.255` for no address; an interface or an answer may have it.
std::optional<SocketAddress> any_address(std::string_view text) {
    if (auto address = parse_address(text)) {
        return address;
    }
    if (!text.ends_with(broadcast)) {
        return std::nullopt;
    }
    if (text.size() > broadcast.size()) {
        text.remove_suffix(broadcast.size());
        return parse_ipv6(std::string(text) + "ffff:ffff");
    }
    SocketAddress address;
    std::fill_n(address.bytes.begin(), 4, std::uint8_t{255});
    return address;
}

std::optional<SocketAddress> any_socket(std::string_view text) {
    if (auto address = any_address(text)) {
        return address;
    }
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return std::nullopt;
    }
    const bool is_bracketed = text.front() == '[' && text[colon - 1] == ']';
    const std::string_view host = is_bracketed ? text.substr(1, colon - 2) : text.substr(0, colon);
    const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
    auto address = any_address(host);
    if (!port || !address || is_bracketed != (address->family == AddressFamily::inet6)) {
        return std::nullopt;
    }
    address->port = *port;
    return address;
}

struct AddressAndLength {
    SocketAddress address;
    unsigned length = 0;
};

std::optional<AddressAndLength> address_and_length(std::string_view text) {
    const std::size_t slash = text.find('/');
    const auto address = any_address(text.substr(0, slash));
    if (!address) {
        return std::nullopt;
    }
    const unsigned bits = address->family == AddressFamily::inet ? 32 : 128;
    const auto length = slash == std::string_view::npos
                            ? std::optional(bits)
                            : parse_number<unsigned>(text.substr(slash + 1));
    if (!length || *length > bits) {
        return std::nullopt;
    }
    return AddressAndLength{*address, *length};
}

template <typename Value> bool assign(Value& value, const std::optional<Value>& found) {
    if (found) {
        value = *found;
    }
    return found.has_value();
}

} // namespace

bool PlainFormat::read(const Json& json, std::string& text) {
    if (json.is_string()) {
        text = json.get_ref<const std::string&>();
    }
    return json.is_string();
}

bool PlainFormat::read(const Json& json, bool& value) {
    if (json.is_boolean()) {
        value = json.get<bool>();
    }
    return json.is_boolean();
}

bool PlainFormat::read(const Json& json, double& value) {
    if (json.is_number()) {
        value = json.get<double>();
    }
    return json.is_number();
}

WrittenJson TimeFormat::write(UnixTime time) {
    return rfc3339_text(time);
}

bool TimeFormat::read(const Json& json, UnixTime& time) {
    return assign(time, parse_rfc3339(text_of(json)));
}

template <typename Number, int base>
bool DigitsFormat<Number, base>::read(const Json& json, Number& number) {
    return assign(number, parse_number<Number>(text_of(json), base));
}

template struct DigitsFormat<std::uint32_t, 8>;
template struct DigitsFormat<std::uint64_t, 16>;

WrittenJson AddressFormat::write(const SocketAddress& address) {
    return to_utf8(address_text(address));
}

bool AddressFormat::read(const Json& json, SocketAddress& address) {
    auto found = any_address(text_of(json));
    if (found) {
        found->port = address.port;
    }
    return assign(address, found);
}

WrittenJson SocketFormat::write(const SocketAddress& address) {
    return to_utf8(address.port == 0 ? address_text(address) : socket_text(address));
}

bool SocketFormat::read(const Json& json, SocketAddress& address) {
    return assign(address, any_socket(text_of(json)));
}

WrittenJson CidrFormat::write(const Cidr& network) {
    return fmt::format("{}/{}", to_utf8(address_text(network.address)), network.length);
}

bool CidrFormat::read(const Json& json, Cidr& network) {
    auto found = parse_cidr(text_of(json));
    if (const auto whole = address_and_length(text_of(json)); !found && whole) {
        found = Cidr{.address = whole->address, .length = whole->length};
    }
    return assign(network, found);
}

WrittenJson InterfaceFormat::write(const InterfaceAddress& address) {
    return fmt::format("{}/{}", to_utf8(address_text(address.address)), address.length);
}

bool InterfaceFormat::read(const Json& json, InterfaceAddress& address) {
    return read(text_of(json), address);
}

bool InterfaceFormat::read(std::string_view text, InterfaceAddress& address) {
    const auto found = address_and_length(text);
    if (found) {
        address.address = found->address;
        address.length = found->length;
    }
    return found.has_value();
}

} // namespace upstream_lint
