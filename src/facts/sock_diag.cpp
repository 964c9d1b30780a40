#include "facts/sock_diag.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

namespace upstream_lint {

namespace {

using Octets = std::span<const std::uint8_t>;

/// <linux/netlink.h>, struct nlmsghdr
struct MessageHeader {
    std::uint32_t size;
    std::uint16_t type;
    std::uint16_t flags;
    std::uint32_t sequence;
    std::uint32_t sender;
};

/// <linux/rtnetlink.h>, struct rtattr
struct AttributeHeader {
    std::uint16_t size;
    std::uint16_t type;
};

/// <linux/inet_diag.h>, struct inet_diag_msg with its struct inet_diag_sockid
struct InetMessage {
    std::uint8_t family;
    std::uint8_t state;
    std::uint8_t timer;
    std::uint8_t retransmissions;
    std::array<std::uint8_t, 2> source_port; // of the network's byte order
    std::array<std::uint8_t, 2> destination_port;
    std::array<std::uint8_t, 16> source;
    std::array<std::uint8_t, 16> destination;
    std::uint32_t interface;
    std::array<std::uint32_t, 2> cookie;
    std::uint32_t expires;
    std::uint32_t read_queue;
    std::uint32_t write_queue;
    std::uint32_t uid;
    std::uint32_t inode;
};

static_assert(sizeof(InetMessage) == 72);

/// <linux/unix_diag.h>, struct unix_diag_msg
struct UnixMessage {
    std::uint8_t family;
    std::uint8_t type;
    std::uint8_t state;
    std::uint8_t padding;
    std::uint32_t inode;
    std::array<std::uint32_t, 2> cookie;
};

static_assert(sizeof(UnixMessage) == 16);

/// <linux/unix_diag.h>, struct unix_diag_vfs
struct UnixFile {
    std::uint32_t inode;
    std::uint32_t device;
};

/// <linux/unix_diag.h>, struct unix_diag_rqlen
struct UnixQueues {
    std::uint32_t read;
    std::uint32_t write;
};

/// Of a message about a socket with a file, at least: its name, its file and its queues.
constexpr std::size_t named_unix_size = sizeof(MessageHeader) + sizeof(UnixMessage) +
                                        3 * sizeof(AttributeHeader) + sizeof(UnixFile) +
                                        sizeof(UnixQueues);

constexpr std::uint16_t message_noop = 1;      // NLMSG_NOOP
constexpr std::uint16_t message_done = 3;      // NLMSG_DONE
constexpr std::uint16_t message_socket = 20;   // SOCK_DIAG_BY_FAMILY
constexpr std::uint16_t flag_interrupted = 16; // NLM_F_DUMP_INTR

constexpr std::uint8_t family_unix = 1;
constexpr std::uint8_t family_inet = 2;
constexpr std::uint8_t family_inet6 = 10;

constexpr std::uint8_t state_established = 1; // <netinet/tcp.h>
constexpr std::uint8_t state_close = 7;
constexpr std::uint8_t state_listen = 10;

constexpr std::uint16_t inet_v6only = 11; // INET_DIAG_SKV6ONLY
constexpr std::uint16_t unix_name = 0;    // UNIX_DIAG_NAME
constexpr std::uint16_t unix_vfs = 1;     // UNIX_DIAG_VFS
constexpr std::uint16_t unix_rqlen = 4;   // UNIX_DIAG_RQLEN

constexpr std::size_t alignment = 4;

template <typename Layout> std::optional<Layout> copy_of(Octets bytes) {
    static_assert(std::is_trivially_copyable_v<Layout>);
    if (bytes.size() < sizeof(Layout)) {
        return std::nullopt;
    }
    Layout layout{};
    std::memcpy(&layout, bytes.data(), sizeof(Layout));
    return layout;
}

/// What stands behind a header that says its own size and that of what follows.
template <typename Header> struct Piece {
    Header header{};
    Octets body;
};

/// Takes a piece from the front; nothing when the bytes do not hold it.
template <typename Header> std::optional<Piece<Header>> take_piece(Octets& bytes) {
    const auto header = copy_of<Header>(bytes);
    if (!header || header->size < sizeof(Header) || header->size > bytes.size()) {
        return std::nullopt;
    }
    const std::size_t size = header->size;
    const Octets body = bytes.subspan(sizeof(Header), size - sizeof(Header));
    const std::size_t padded = (size + alignment - 1) / alignment * alignment;
    bytes = bytes.subspan(std::min(padded, bytes.size()));
    return Piece<Header>{*header, body};
}

/// Calls `take` with the payload of each message about a socket; false: the message is odd.
template <typename Take> Reading read_messages(Octets messages, Take take) {
    OddPieces odd("messages");
    bool is_interrupted = false;
    while (const auto message = take_piece<MessageHeader>(messages)) {
        is_interrupted = is_interrupted || (message->header.flags & flag_interrupted) != 0;
        if (message->header.type == message_done) {
            if (copy_of<std::int32_t>(message->body).value_or(0) < 0) {
                odd.end_is_missing();
            }
            Reading reading = odd.reading();
            if (is_interrupted && reading.is_complete()) {
                reading = {ReadStatus::partial, "", "sockets came and went meanwhile"};
            }
            return reading;
        }
        const bool is_socket = message->header.type == message_socket;
        if (is_socket ? !take(message->body) : message->header.type != message_noop) {
            odd.add();
        }
    }
    odd.end_is_missing();
    return odd.reading();
}

/// Calls `take` with the type and the value of each attribute.
template <typename Take> bool read_attributes(Octets attributes, Take take) {
    while (!attributes.empty()) {
        const auto attribute = take_piece<AttributeHeader>(attributes);
        if (!attribute) {
            return false;
        }
        take(attribute->header.type, attribute->body);
    }
    return true;
}

struct InetEntry {
    InetSocket socket;
    std::uint8_t state = 0;
};

std::optional<InetEntry> read_inet(Octets payload) {
    const auto message = copy_of<InetMessage>(payload);
    if (!message || (message->family != family_inet && message->family != family_inet6)) {
        return std::nullopt;
    }
    InetEntry entry;
    InetSocket& socket = entry.socket;
    const bool is_ipv4 = message->family == family_inet;
    entry.state = message->state;
    socket.address.family = is_ipv4 ? AddressFamily::inet : AddressFamily::inet6;
    std::copy_n(message->source.begin(), is_ipv4 ? 4 : 16, socket.address.bytes.begin());
    socket.address.port =
        static_cast<std::uint16_t>(message->source_port[0] * 256U + message->source_port[1]);
    socket.uid = message->uid;
    socket.inode = message->inode;
    if (message->state == state_listen) {
        socket.queue = message->read_queue;
        socket.backlog = message->write_queue;
    }
    const auto take = [&](std::uint16_t type, Octets value) {
        if (type == inet_v6only && !value.empty() && !is_ipv4) {
            socket.v6only = value.front() != 0;
        }
    };
    return read_attributes(payload.subspan(sizeof(InetMessage)), take) ? std::optional(entry)
                                                                       : std::nullopt;
}

/// As /proc/net/unix has it: `@` for each NUL of an abstract name. That of a file ends with NUL.
std::string name_text(Octets name) {
    std::string text(name.begin(), name.end());
    if (text.starts_with('\0')) {
        std::ranges::replace(text, '\0', '@');
    }
    return text.substr(0, text.find('\0'));
}

/// The kernel's own number has 20 bits for the minor one; stat(2) gives what makedev(3) makes.
std::uint64_t device_of_stat(std::uint32_t device) {
    const std::uint64_t major = device >> 20U;
    const std::uint64_t minor = device & 0xFFFFFU;
    return (major & 0xFFFU) << 8U | (minor & 0xFFU) | (minor & ~std::uint64_t{0xFF}) << 12U;
}

std::optional<UnixSocket::Type> type_of(std::uint8_t number) {
    switch (number) {
    case 1:
        return UnixSocket::Type::stream;
    case 2:
        return UnixSocket::Type::datagram;
    case 5:
        return UnixSocket::Type::seqpacket;
    default:
        return std::nullopt;
    }
}

void read_unix_attribute(std::uint16_t type, Octets value, UnixSocket& socket) {
    if (type == unix_name) {
        socket.path = name_text(value);
    } else if (type == unix_vfs) {
        if (const auto file = copy_of<UnixFile>(value)) {
            socket.file_inode = file->inode;
            socket.device = device_of_stat(file->device);
        }
    } else if (type == unix_rqlen && socket.is_listening) {
        if (const auto queues = copy_of<UnixQueues>(value)) {
            socket.queue = queues->read;
            socket.backlog = queues->write;
        }
    }
}

struct UnixEntry {
    UnixSocket socket;
    bool is_accepted = false;
};

std::optional<UnixEntry> read_unix(Octets payload) {
    const auto message = copy_of<UnixMessage>(payload);
    const auto type = message ? type_of(message->type) : std::nullopt;
    if (!type || message->family != family_unix) {
        return std::nullopt;
    }
    UnixEntry entry;
    entry.socket.type = *type;
    entry.socket.is_listening = message->state == state_listen;
    entry.socket.inode = message->inode;
    entry.is_accepted = message->state == state_established && *type != UnixSocket::Type::datagram;
    const auto take = [&](std::uint16_t attribute, Octets value) {
        read_unix_attribute(attribute, value, entry.socket);
    };
    return read_attributes(payload.subspan(sizeof(UnixMessage)), take)
               ? std::optional(std::move(entry))
               : std::nullopt;
}

} // namespace

Parsed<std::vector<InetSocket>> parse_inet_diag(Octets messages, DiagProtocol protocol) {
    Parsed<std::vector<InetSocket>> parsed;
    parsed.value.reserve(messages.size() / (sizeof(MessageHeader) + sizeof(InetMessage)));
    const std::uint8_t wanted = protocol == DiagProtocol::tcp ? state_listen : state_close;
    parsed.reading = read_messages(messages, [&](Octets payload) {
        auto entry = read_inet(payload);
        if (entry && entry->state == wanted) {
            parsed.value.push_back(std::move(entry->socket));
        }
        return entry.has_value();
    });
    return parsed;
}

Parsed<std::vector<UnixSocket>> parse_unix_diag(Octets messages) {
    Parsed<std::vector<UnixSocket>> parsed;
    parsed.value.reserve(messages.size() / named_unix_size);
    parsed.reading = read_messages(messages, [&](Octets payload) {
        auto entry = read_unix(payload);
        if (entry && !entry->socket.path.empty() && !entry->is_accepted) {
            parsed.value.push_back(std::move(entry->socket));
        }
        return entry.has_value();
    });
    return parsed;
}

} // namespace upstream_lint
