// Dumps of sockets; what ends too early is never complete.

#include "facts/sock_diag.hpp"

#include "property.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace upstream_lint::fuzz {
namespace {

void check_dump(std::span<const std::uint8_t> messages) {
    for (const DiagProtocol protocol : {DiagProtocol::tcp, DiagProtocol::udp}) {
        const auto parsed = parse_inet_diag(messages, protocol);
        require(!parsed.reading.is_complete() || messages.size() >= 16, "a dump has an end");
        for (const InetSocket& socket : parsed.value) {
            require(socket.queue.has_value() == (protocol == DiagProtocol::tcp),
                    "connections wait at TCP sockets");
            require(!socket.v6only || socket.address.family == AddressFamily::inet6,
                    "only IPv6 sockets may take IPv4 too");
        }
    }
    for (const UnixSocket& socket : parse_unix_diag(messages).value) {
        require(!socket.path.empty(), "a socket that is listed has a name");
        require(socket.path.find('\0') == std::string::npos, "a name has no NUL");
        require(socket.device.has_value() == socket.file_inode.has_value(),
                "a file has device and inode");
    }
}

} // namespace
} // namespace upstream_lint::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    upstream_lint::fuzz::check_dump(std::span(data, size));
    if (size > 0)
        upstream_lint::fuzz::check_dump(std::span(data + 1, size - 1)); // not aligned
    return 0;
}
