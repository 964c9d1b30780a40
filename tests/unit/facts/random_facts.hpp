#pragma once

#include "facts/json_formats.hpp"
#include "facts/snapshot_members.hpp"
#include "support/random_choice.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace upstream_lint::test {

/// Gives each member that `describe` names a random value that the document can say.
class RandomField {
public:
    explicit RandomField(RandomChoice& choice) : choice_(choice) {}

    template <typename Value, typename Format = PlainFormat>
    void operator()(const char* /*name*/, Value& value, Format /*format*/ = {}) {
        fill<Format>(value);
    }

    template <typename Describe> void group(const char* /*name*/, Describe describe_group) {
        describe_group(*this);
    }

    template <typename Derive> void derived(const char* /*name*/, const Derive& /*derive*/) {}

private:
    template <typename Format, typename Value> void fill(std::optional<Value>& value) {
        if (choice_.chance(60)) {
            fill<Format>(value.emplace());
        }
    }

    template <typename Format, typename Value> void fill(std::vector<Value>& list) {
        list.resize(choice_.below(3));
        for (Value& each : list) {
            fill<Format>(each);
        }
    }

    template <typename Format, typename Value> void fill(Value& value) {
        if constexpr (std::is_same_v<Format, PlainFormat> && requires { describe(*this, value); }) {
            describe(*this, value);
        } else {
            fill(value, Format{});
        }
    }

    void fill(std::string& text, PlainFormat /*format*/) {
        static constexpr std::string_view pieces[] = {
            "a",    "/run/app.sock", "\"",   "\\",       std::string_view("\0", 1), "\n",
            "\x1b", "\xc3\xa9",      "\x7f", "\xc2\x9b", "\xf0\x9f\x98\x80",        "null"};
        const std::size_t count = choice_.below(4);
        for (std::size_t i = 0; i < count; ++i) {
            text += choice_.pick(pieces);
        }
    }

    void fill(bool& value, PlainFormat /*format*/) { value = choice_.chance(50); }

    void fill(double& value, PlainFormat /*format*/) {
        value = static_cast<double>(choice_.below(1'000'000)) / 7;
    }

    template <std::integral Number, typename Format> void fill(Number& number, Format /*format*/) {
        using Limits = std::numeric_limits<Number>;
        const Number edges[] = {Limits::min(), Limits::max(), Number{1}};
        number = choice_.chance(20) ? choice_.pick(edges)
                                    : static_cast<Number>(choice_.below(std::size_t{1} << 40U));
    }

    void fill(UnixTime& time, TimeFormat /*format*/) {
        time = static_cast<UnixTime>(choice_.below(315'569'520'000)) - 62'167'219'200;
    }

    template <typename Enumeration> void fill(Enumeration& value, WordFormat /*format*/) {
        value = static_cast<Enumeration>(choice_.below(Words<Enumeration>::all.size()));
    }

    void fill(SocketAddress& address, AddressFormat /*format*/) { address = any_address(); }

    void fill(SocketAddress& address, SocketFormat /*format*/) {
        address = any_address();
        address.port = choice_.chance(50) ? 0 : static_cast<std::uint16_t>(choice_.below(65536));
    }

    void fill(InterfaceAddress& address, InterfaceFormat /*format*/) {
        address.address = any_address();
        address.length = static_cast<unsigned>(choice_.below(bits_of(address.address) + 1));
    }

    void fill(Cidr& network, CidrFormat /*format*/) {
        const SocketAddress address = any_address();
        const std::size_t length = choice_.below(bits_of(address) + 1);
        network = parse_cidr(fmt::format("{}/{}", address_text(address), length))
                      .value_or(Cidr{.address = {}, .length = 0});
        network.has_low_bits = false;
    }

    static std::size_t bits_of(const SocketAddress& address) {
        return address.family == AddressFamily::inet ? 32 : 128;
    }

    SocketAddress any_address() {
        const bool is_ipv4 = choice_.chance(50);
        SocketAddress address;
        address.family = is_ipv4 ? AddressFamily::inet : AddressFamily::inet6;
        const std::uint8_t favourite = choice_.chance(50) ? 0 : 255;
        for (std::size_t i = 0; i < (is_ipv4 ? 4U : 16U); ++i) {
            address.bytes[i] =
                choice_.chance(60) ? favourite : static_cast<std::uint8_t>(choice_.below(256));
        }
        return address;
    }

    RandomChoice& choice_;
};

inline Snapshot random_snapshot(RandomChoice& choice) {
    Snapshot snapshot;
    RandomField field(choice);
    describe(field, snapshot);
    return snapshot;
}

} // namespace upstream_lint::test
