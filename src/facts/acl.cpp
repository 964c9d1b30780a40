#include "facts/acl.hpp"

#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::uint32_t version = 2;
constexpr std::size_t header_size = 4;
constexpr std::size_t entry_size = 8;
constexpr std::uint32_t all_permissions = 7;

std::uint32_t little_endian(std::span<const std::uint8_t> bytes) {
    std::uint32_t number = 0;
    for (std::size_t i = bytes.size(); i > 0; --i) {
        number = number << 8U | bytes[i - 1];
    }
    return number;
}

std::optional<AclEntry::Tag> tag_of(std::uint32_t number) {
    switch (number) {
    case 0x01:
        return AclEntry::Tag::user_owner;
    case 0x02:
        return AclEntry::Tag::user;
    case 0x04:
        return AclEntry::Tag::group_owner;
    case 0x08:
        return AclEntry::Tag::group;
    case 0x10:
        return AclEntry::Tag::mask;
    case 0x20:
        return AclEntry::Tag::other;
    default:
        return std::nullopt;
    }
}

} // namespace

std::optional<std::vector<AclEntry>> parse_acl(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < header_size || (bytes.size() - header_size) % entry_size != 0 ||
        little_endian(bytes.first(header_size)) != version) {
        return std::nullopt;
    }
    std::vector<AclEntry> entries;
    for (std::size_t at = header_size; at < bytes.size(); at += entry_size) {
        const auto tag = tag_of(little_endian(bytes.subspan(at, 2)));
        const std::uint32_t permissions = little_endian(bytes.subspan(at + 2, 2));
        if (!tag || permissions > all_permissions) {
            return std::nullopt;
        }
        AclEntry entry{.tag = *tag, .permissions = static_cast<std::uint8_t>(permissions)};
        if (*tag == AclEntry::Tag::user || *tag == AclEntry::Tag::group) {
            entry.id = little_endian(bytes.subspan(at + 4, 4)); // else it is of no meaning
        }
        entries.push_back(entry);
    }
    return entries;
}

} // namespace upstream_lint
