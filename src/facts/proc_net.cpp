#include "facts/proc_net.hpp"

#include "facts/columns.hpp"

#include <cstddef>

namespace upstream_lint {

namespace {

constexpr std::uint8_t state_close = 0x07;
constexpr std::uint8_t state_listen = 0x0A;
constexpr std::uint32_t flag_accepts_connections = 0x10000; // SO_ACCEPTCON
constexpr std::uint8_t socket_connected = 3;                // SS_CONNECTED

/// Words of 32 bits, each as a little endian machine prints it: the first byte last.
bool read_address(std::string_view digits, SocketAddress& address) {
    const std::size_t size = address.family == AddressFamily::inet ? 4 : 16;
    if (digits.size() != size * 2) {
        return false;
    }
    for (std::size_t i = 0; i < size; ++i) {
        const std::size_t from = i / 4 * 4 + 3 - i % 4;
        const auto byte = parse_number<std::uint8_t>(digits.substr(from * 2, 2), 16);
        if (!byte) {
            return false;
        }
        address.bytes[i] = *byte;
    }
    return true;
}

struct InetLine {
    InetSocket socket;
    std::uint8_t state = 0;
};

std::optional<InetLine> read_inet_line(std::string_view text, AddressFamily family) {
    Columns columns(text);
    columns.skip(1); // number of the line
    const std::string_view local = columns.next();
    columns.skip(1); // the other end
    const auto state = parse_number<std::uint8_t>(columns.next(), 16);
    const std::string_view queues = columns.next();
    columns.skip(2); // timers
    const auto uid = parse_number<std::uint32_t>(columns.next());
    columns.skip(1);
    const auto inode = parse_number<std::uint64_t>(columns.next());

    const std::size_t colon = std::min(local.find(':'), local.size());
    const auto port =
        parse_number<std::uint16_t>(local.substr(std::min(colon + 1, local.size())), 16);
    const auto queue = parse_number<std::uint32_t>(
        queues.substr(std::min(queues.find(':') + 1, queues.size())), 16);
    InetLine line;
    line.socket.address.family = family;
    if (!state || !uid || !inode || !port || !queue ||
        !read_address(local.substr(0, colon), line.socket.address)) {
        return std::nullopt;
    }
    line.state = *state;
    line.socket.address.port = *port;
    line.socket.queue = queue;
    line.socket.uid = *uid;
    line.socket.inode = *inode;
    return line;
}

/// Calls `take` with each line behind the headings; false: the line is odd.
template <typename Take> Reading read_lines(std::string_view text, Take take) {
    OddPieces odd("lines");
    Lines lines(text);
    if (!lines.next()) {
        odd.end_is_missing();
    }
    while (const auto line = lines.next()) {
        if (!lines.has_end()) {
            break; // its last number may lack digits
        }
        if (!take(*line)) {
            odd.add();
        }
    }
    if (!lines.has_end()) {
        odd.end_is_missing();
    }
    return odd.reading();
}

Parsed<std::vector<InetSocket>> read_inet(std::string_view text, AddressFamily family,
                                          std::uint8_t wanted_state) {
    Parsed<std::vector<InetSocket>> parsed;
    parsed.reading = read_lines(text, [&](std::string_view line) {
        auto read = read_inet_line(line, family);
        if (read && read->state == wanted_state) {
            parsed.value.push_back(std::move(read->socket));
        }
        return read.has_value();
    });
    return parsed;
}

std::optional<UnixSocket::Type> type_of(std::uint32_t number) {
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

struct UnixLine {
    UnixSocket socket;
    bool is_accepted = false;
};

std::optional<UnixLine> read_unix_line(std::string_view text) {
    Columns columns(text);
    columns.skip(3); // where it is in memory, references, protocol
    const auto flags = parse_number<std::uint32_t>(columns.next(), 16);
    const auto type = parse_number<std::uint32_t>(columns.next(), 16);
    const auto state = parse_number<std::uint8_t>(columns.next(), 16);
    const auto inode = parse_number<std::uint64_t>(columns.next());
    if (!flags || !type || !state || !inode || !type_of(*type)) {
        return std::nullopt;
    }
    UnixLine line;
    // one blank, and then the name with all blanks that are its own
    line.socket.path = columns.rest().substr(columns.rest().empty() ? 0 : 1);
    line.socket.type = *type_of(*type);
    line.socket.is_listening = (*flags & flag_accepts_connections) != 0;
    line.socket.inode = *inode;
    line.is_accepted = !line.socket.is_listening && *state == socket_connected &&
                       line.socket.type != UnixSocket::Type::datagram;
    return line;
}

} // namespace

Parsed<std::vector<InetSocket>> parse_proc_net_tcp(std::string_view text, AddressFamily family) {
    return read_inet(text, family, state_listen);
}

Parsed<std::vector<InetSocket>> parse_proc_net_udp(std::string_view text, AddressFamily family) {
    auto parsed = read_inet(text, family, state_close);
    for (InetSocket& socket : parsed.value) {
        socket.queue.reset(); // bytes, not connections
    }
    return parsed;
}

Parsed<std::vector<UnixSocket>> parse_proc_net_unix(std::string_view text) {
    Parsed<std::vector<UnixSocket>> parsed;
    parsed.reading = read_lines(text, [&](std::string_view line) {
        auto read = read_unix_line(line);
        if (read && !read->socket.path.empty() && !read->is_accepted) {
            parsed.value.push_back(std::move(read->socket));
        }
        return read.has_value();
    });
    return parsed;
}

std::vector<std::uint64_t> parse_unix_inodes(std::string_view text) {
    std::vector<std::uint64_t> inodes;
    const std::size_t end = text.rfind('\n');
    (void)read_lines(text.substr(0, end == std::string_view::npos ? 0 : end + 1),
                     [&](std::string_view line) {
                         const auto read = read_unix_line(line);
                         if (read && read->socket.inode != 0) {
                             inodes.push_back(read->socket.inode);
                         }
                         return read.has_value();
                     });
    return inodes;
}

} // namespace upstream_lint
