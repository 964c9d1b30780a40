#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace upstream_lint {

/// Hash of a directive name. The generator places names by it and the lookup finds them by it,
/// so it must not depend on the machine: bytes are combined by value, never by their layout.
///
/// Names share long prefixes and suffixes (`proxy_ssl_certificate_key`), hence the third read from
/// the middle. Constant time.
[[nodiscard]] inline std::uint32_t name_hash(std::string_view name) noexcept {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(name[i]));
    };
    const auto four = [&](std::size_t i) {
        return byte(i) | byte(i + 1) << 8U | byte(i + 2) << 16U | byte(i + 3) << 24U;
    };
    const auto eight = [&](std::size_t i) {
        if constexpr (std::endian::native != std::endian::little)
            return four(i) | four(i + 4) << 32U;
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, name.data() + i, sizeof bytes);
        return bytes;
    };
    const std::size_t size = name.size();
    std::uint64_t head = 0;
    std::uint64_t tail = 0;
    std::uint64_t middle = 0;
    if (size >= 8) {
        head = eight(0);
        tail = eight(size - 8);
        middle = eight(size / 2 - 4);
    } else if (size >= 4) {
        head = four(0);
        tail = four(size - 4);
    } else if (size > 0) {
        head = byte(0) | byte(size / 2) << 8U | byte(size - 1) << 16U;
    }
    std::uint64_t mixed = (head ^ size) * 0x9E3779B97F4A7C15U;
    mixed ^= mixed >> 29U;
    mixed = (mixed ^ tail) * 0xBF58476D1CE4E5B9U;
    mixed ^= mixed >> 32U;
    mixed = (mixed ^ middle) * 0x94D049BB133111EBU;
    return static_cast<std::uint32_t>(mixed >> 32U);
}

} // namespace upstream_lint
