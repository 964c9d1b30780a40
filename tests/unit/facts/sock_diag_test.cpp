#include "facts/sock_diag.hpp"

#include <array>
#include <cstring>
#include <doctest/doctest.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <type_traits>
#include <vector>

namespace upstream_lint {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename Layout> void append(Bytes& bytes, const Layout& layout) {
    static_assert(std::is_trivially_copyable_v<Layout>);
    const std::size_t size = bytes.size();
    bytes.resize(size + sizeof(Layout));
    std::memcpy(&bytes[size], &layout, sizeof(Layout));
}

void pad(Bytes& bytes) {
    bytes.resize((bytes.size() + 3) / 4 * 4);
}

Bytes attribute(std::uint16_t type, const Bytes& value) {
    Bytes bytes;
    append(bytes, nlattr{static_cast<std::uint16_t>(sizeof(nlattr) + value.size()), type});
    bytes.insert(bytes.end(), value.begin(), value.end());
    pad(bytes);
    return bytes;
}

Bytes message(std::uint16_t type, const Bytes& payload, std::uint16_t flags = NLM_F_MULTI) {
    Bytes bytes;
    append(bytes, nlmsghdr{static_cast<std::uint32_t>(sizeof(nlmsghdr) + payload.size()), type,
                           flags, 1, 0});
    bytes.insert(bytes.end(), payload.begin(), payload.end());
    pad(bytes);
    return bytes;
}

const Bytes done = message(NLMSG_DONE, Bytes(4));

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes inet_message(std::uint8_t family, std::uint8_t state, const Bytes& attributes = {}) {
    inet_diag_msg socket{};
    socket.idiag_family = family;
    socket.idiag_state = state;
    socket.id.idiag_sport = htons(8080);
    socket.id.idiag_src[0] = htonl(family == AF_INET ? 0x7F000001U : 0x20010DB8U);
    socket.idiag_rqueue = 3;
    socket.idiag_wqueue = 511;
    socket.idiag_uid = 33;
    socket.idiag_inode = 49666;
    Bytes payload;
    append(payload, socket);
    return message(SOCK_DIAG_BY_FAMILY, payload + attributes);
}

Bytes unix_message(std::uint8_t type, std::uint8_t state, const Bytes& attributes) {
    unix_diag_msg socket{};
    socket.udiag_family = AF_UNIX;
    socket.udiag_type = type;
    socket.udiag_state = state;
    socket.udiag_ino = 79041;
    Bytes payload;
    append(payload, socket);
    return message(SOCK_DIAG_BY_FAMILY, payload + attributes);
}

Bytes name_attribute(std::string_view name) {
    return attribute(UNIX_DIAG_NAME, Bytes(name.begin(), name.end()));
}

constexpr std::uint8_t established = 1;
constexpr std::uint8_t closed = 7;
constexpr std::uint8_t listening = 10;

} // namespace

TEST_CASE("TCP listeners come with what waits and what may wait") {
    const auto parsed =
        parse_inet_diag(inet_message(AF_INET, listening) +
                            inet_message(AF_INET6, listening, attribute(INET_DIAG_SKV6ONLY, {1})) +
                            inet_message(AF_INET, established) + done,
                        DiagProtocol::tcp);
    CHECK(parsed.reading.is_complete());
    REQUIRE(parsed.value.size() == 2);
    const InetSocket& socket = parsed.value[0];
    CHECK(socket_text(socket.address) == "127.0.0.1:8080");
    CHECK(socket.queue == 3);
    CHECK(socket.backlog == 511);
    CHECK(socket.uid == 33);
    CHECK(socket.inode == 49666);
    CHECK_FALSE(socket.v6only);
    CHECK(socket_text(parsed.value[1].address) == "[2001:db8::]:8080");
    CHECK(parsed.value[1].v6only == true);
}

TEST_CASE("UDP sockets have no queue of connections") {
    const auto parsed =
        parse_inet_diag(inet_message(AF_INET, closed) + inet_message(AF_INET, established) + done,
                        DiagProtocol::udp);
    REQUIRE(parsed.value.size() == 1);
    CHECK_FALSE(parsed.value[0].queue);
    CHECK_FALSE(parsed.value[0].backlog);
}

TEST_CASE("unix sockets come with their file") {
    Bytes file;
    append(file, unix_diag_vfs{1134, 8U << 20U | 1U});
    Bytes queues;
    append(queues, unix_diag_rqlen{2, 128});
    const Bytes all = name_attribute(std::string_view("/run/a.sock\0", 12)) +
                      attribute(UNIX_DIAG_VFS, file) + attribute(UNIX_DIAG_RQLEN, queues);
    const auto parsed = parse_unix_diag(
        unix_message(SOCK_STREAM, listening, all) + unix_message(SOCK_STREAM, established, all) +
        unix_message(SOCK_DGRAM, closed, name_attribute(std::string_view("\0a\0b", 4))) +
        unix_message(SOCK_STREAM, closed, {}) + done);
    CHECK(parsed.reading.is_complete());
    REQUIRE(parsed.value.size() == 2);
    const UnixSocket& socket = parsed.value[0];
    CHECK(socket.path == "/run/a.sock");
    CHECK(socket.is_listening);
    CHECK(socket.file_inode == 1134);
    CHECK(socket.device == makedev(8, 1));
    CHECK(socket.queue == 2);
    CHECK(socket.backlog == 128);
    CHECK(socket.inode == 79041);
    CHECK(parsed.value[1].path == "@a@b");
    CHECK(parsed.value[1].type == UnixSocket::Type::datagram);
    CHECK_FALSE(parsed.value[1].device);
}

TEST_CASE("devices are numbered as stat numbers them") {
    for (const unsigned minor : {0U, 255U, 256U, 0xFFFFFU}) {
        for (const unsigned major : {0U, 8U, 259U, 0xFFFU}) {
            Bytes file;
            append(file, unix_diag_vfs{1, major << 20U | minor});
            const auto parsed = parse_unix_diag(
                unix_message(SOCK_STREAM, listening,
                             name_attribute("/a") + attribute(UNIX_DIAG_VFS, file)) +
                done);
            REQUIRE(parsed.value.size() == 1);
            CHECK(parsed.value[0].device == makedev(major, minor));
        }
    }
}

TEST_CASE("a dump that was cut, disturbed or refused is partial") {
    const Bytes whole = inet_message(AF_INET, listening) + done;
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto cut = parse_inet_diag(std::span(whole).first(size), DiagProtocol::tcp);
        CHECK(cut.reading.status == ReadStatus::partial);
    }
    const auto status_of = [](const Bytes& bytes) {
        return parse_inet_diag(bytes, DiagProtocol::tcp).reading.status;
    };
    CHECK(status_of(whole) == ReadStatus::ok);
    CHECK(status_of(message(NLMSG_DONE, Bytes(4), NLM_F_MULTI | NLM_F_DUMP_INTR)) ==
          ReadStatus::partial);
    CHECK(status_of(message(NLMSG_DONE, {0xfe, 0xff, 0xff, 0xff})) == ReadStatus::partial);
    CHECK(status_of(message(NLMSG_ERROR, Bytes(20)) + done) == ReadStatus::partial);
    CHECK(status_of(message(SOCK_DIAG_BY_FAMILY, Bytes(71)) + done) == ReadStatus::partial);
    CHECK(status_of(inet_message(AF_UNIX, listening) + done) == ReadStatus::partial);
    CHECK(status_of(inet_message(AF_INET, listening, {3, 0, 0, 0}) + done) == ReadStatus::partial);
    CHECK(status_of(inet_message(AF_INET, listening, {9, 0, 0, 0}) + done) == ReadStatus::partial);
    CHECK(status_of(Bytes(16)) == ReadStatus::partial);
}

} // namespace upstream_lint
