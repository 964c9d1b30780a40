#pragma once

#include "source/utf8.hpp"
#include "upstream_lint/facts.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <fmt/format.h>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <type_traits>

/// How single values stand in JSON. Each format has `write`, `read` (false: wrong shape, the value
/// is as it was) and `wanted`, which says what it reads.
namespace upstream_lint {

using WrittenJson = nlohmann::ordered_json;

/// Texts, numbers and booleans. Bytes that are no UTF-8 are written as U+0080 to U+00FF.
struct PlainFormat {
    static WrittenJson write(const std::string& text) { return to_utf8(text); }

    template <typename Value>
    requires std::is_arithmetic_v<Value>

    static WrittenJson write(Value value) { return value; }

    static bool read(const nlohmann::json& json, std::string& text);
    static bool read(const nlohmann::json& json, bool& value);
    static bool read(const nlohmann::json& json, double& value);

    template <std::integral Value> static bool read(const nlohmann::json& json, Value& value) {
        const bool fits = json.is_number_unsigned()  ? in_range<Value>(json.get<std::uint64_t>())
                          : json.is_number_integer() ? in_range<Value>(json.get<std::int64_t>())
                                                     : false;
        if (fits) {
            value = json.get<Value>();
        }
        return fits;
    }

    template <typename Value> static std::string wanted() {
        if constexpr (std::is_same_v<Value, std::string>) {
            return "a text";
        } else if constexpr (std::is_same_v<Value, bool>) {
            return "true or false";
        } else if constexpr (std::is_floating_point_v<Value>) {
            return "a number";
        } else {
            using Limits = std::numeric_limits<Value>;
            return fmt::format("a number from {} to {}", Limits::min(), Limits::max());
        }
    }

private:
    template <typename Value> static bool in_range(std::integral auto number) {
        return std::in_range<Value>(number);
    }
};

/// `2026-11-22T17:40:00Z`
struct TimeFormat {
    static WrittenJson write(UnixTime time);
    static bool read(const nlohmann::json& json, UnixTime& time);

    template <typename Value> static std::string_view wanted() {
        return "a time such as \"2026-11-22T17:40:00Z\"";
    }
};

/// A number that stands as text, in the base that people know it in: `0660`, `3fffffffff`.
template <typename Number, int base> struct DigitsFormat {
    static WrittenJson write(Number number) {
        return base == 8 ? fmt::format("{:04o}", number) : fmt::format("{:x}", number);
    }

    static bool read(const nlohmann::json& json, Number& number);

    template <typename Value> static std::string_view wanted() {
        return base == 8 ? "a mode such as \"0660\"" : "hexadecimal digits such as \"3fffff\"";
    }
};

using ModeFormat = DigitsFormat<std::uint32_t, 8>;
using HexFormat = DigitsFormat<std::uint64_t, 16>;

/// `127.0.0.1`, `::1`. The port is left alone.
struct AddressFormat {
    static WrittenJson write(const SocketAddress& address);
    static bool read(const nlohmann::json& json, SocketAddress& address);

    template <typename Value> static std::string_view wanted() {
        return "an address such as \"127.0.0.1\" or \"::1\"";
    }
};

/// The same with a port, if there is one: `127.0.0.1:80`, `[::1]:80`.
struct SocketFormat {
    static WrittenJson write(const SocketAddress& address);
    static bool read(const nlohmann::json& json, SocketAddress& address);

    template <typename Value> static std::string_view wanted() {
        return "an address such as \"127.0.0.1\" or \"127.0.0.1:80\"";
    }
};

/// `192.0.2.0/24`
struct CidrFormat {
    static WrittenJson write(const Cidr& network);
    static bool read(const nlohmann::json& json, Cidr& network);

    template <typename Value> static std::string_view wanted() {
        return "a network such as \"192.0.2.0/24\"";
    }
};

/// The words of an enumeration, by its values. Each has a specialization.
template <typename Enumeration> struct Words;

template <> struct Words<ReadStatus> {
    static constexpr std::array<std::string_view, 7> all = {
        "not_asked", "ok", "absent", "denied", "timeout", "unsupported", "partial"};
};

template <> struct Words<UnixSocket::Type> {
    static constexpr std::array<std::string_view, 3> all = {"stream", "datagram", "seqpacket"};
};

template <> struct Words<AclEntry::Tag> {
    static constexpr std::array<std::string_view, 6> all = {"user_owner", "user", "group_owner",
                                                            "group",      "mask", "other"};
};

template <> struct Words<PathComponent::Type> {
    static constexpr std::array<std::string_view, 6> all = {"dir",     "regular", "socket",
                                                            "symlink", "fifo",    "device"};
};

template <> struct Words<Exchange::Protocol> {
    static constexpr std::array<std::string_view, 4> all = {"none", "http", "http2", "fastcgi"};
};

template <> struct Words<ReplyFacts::Kind> {
    static constexpr std::array<std::string_view, 6> all = {"none",    "http", "http2",
                                                            "fastcgi", "tls",  "other"};
};

struct WordFormat {
    template <typename Enumeration> static std::string_view word(Enumeration value) {
        const auto& words = Words<Enumeration>::all;
        const auto index = static_cast<std::size_t>(value);
        return index < words.size() ? words[index] : words.front();
    }

    template <typename Enumeration> static WrittenJson write(Enumeration value) {
        return word(value);
    }

    template <typename Enumeration> static bool find(std::string_view word, Enumeration& value) {
        const auto& words = Words<Enumeration>::all;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i] == word) {
                value = static_cast<Enumeration>(i);
                return true;
            }
        }
        return false;
    }

    template <typename Enumeration>
    static bool read(const nlohmann::json& json, Enumeration& value) {
        return json.is_string() && find(json.get_ref<const std::string&>(), value);
    }

    template <typename Enumeration> static std::string wanted() {
        return fmt::format("one of {}", fmt::join(Words<Enumeration>::all, ", "));
    }
};

/// Of an interface: `127.0.0.1/8`. Bits behind the mask stay.
struct InterfaceFormat {
    static WrittenJson write(const InterfaceAddress& address);
    static bool read(const nlohmann::json& json, InterfaceAddress& address);
    static bool read(std::string_view text, InterfaceAddress& address);

    template <typename Value> static std::string_view wanted() {
        return "an address with the length of its network, such as \"127.0.0.1/8\"";
    }
};

} // namespace upstream_lint
