#include "facts/proc_net.hpp"

#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

const std::string inet_headings =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout "
    "inode\n";
const std::string unix_headings = "Num       RefCount Protocol Flags    Type St Inode Path\n";

} // namespace

TEST_CASE("TCP listeners are read, other sockets are not") {
    const auto parsed = parse_proc_net_tcp(
        inet_headings +
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1001     "
            "   0 49666 1 000000006d6aac2c 100 0 0 10 0\n"
            "   1: 0100007F:1F90 0100007F:D2AE 01 00000000:00000000 00:00000000 00000000  1001     "
            "   0 49667 1 000000006d6aac2c 100 0 0 10 0\n",
        AddressFamily::inet);
    CHECK(parsed.reading.is_complete());
    REQUIRE(parsed.value.size() == 1);
    const InetSocket& socket = parsed.value[0];
    CHECK(socket_text(socket.address) == "127.0.0.1:8080");
    CHECK(socket.queue == 3);
    CHECK_FALSE(socket.backlog);
    CHECK_FALSE(socket.v6only);
    CHECK(socket.uid == 1001);
    CHECK(socket.inode == 49666);
}

TEST_CASE("IPv6 addresses are four words") {
    const auto parsed = parse_proc_net_tcp(
        inet_headings +
            "   0: B80D0120000000000000000001000000:0050 00000000000000000000000000000000:0000 0A "
            "00000000:00000000 00:00000000 00000000     0        0 7 1 0 100 0 0 10 0\n",
        AddressFamily::inet6);
    REQUIRE(parsed.value.size() == 1);
    CHECK(socket_text(parsed.value[0].address) == "[2001:db8::1]:80");
}

TEST_CASE("UDP sockets are read when they are connected to nobody") {
    const std::string line = "00000000:00000009 00:00000000 00000000   101        0 5 2 0 0\n";
    const auto parsed = parse_proc_net_udp(inet_headings + "  7: 00000000:0035 00000000:0000 07 " +
                                               line + "  8: 0100007F:0036 0100007F:0035 01 " + line,
                                           AddressFamily::inet);
    REQUIRE(parsed.value.size() == 1);
    CHECK(socket_text(parsed.value[0].address) == "0.0.0.0:53");
    CHECK_FALSE(parsed.value[0].queue);
}

TEST_CASE("a line that is cut or odd makes the reading partial") {
    const std::string good = "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 "
                             "00000000  1001        0 49666 1\n";
    const auto read = [](const std::string& text) {
        return parse_proc_net_tcp(text, AddressFamily::inet);
    };
    CHECK(read(inet_headings).reading.is_complete());
    CHECK(read("").reading.status == ReadStatus::partial);
    CHECK(read(inet_headings + "x\n").reading.reason == "cannot be read: 1 lines");
    const auto odd = read(inet_headings + "  0: 0100007G:1F90 0 0A\n" + good);
    CHECK(odd.reading.status == ReadStatus::partial);
    CHECK(odd.value.size() == 1);
    for (std::size_t size = 0; size < good.size(); ++size) {
        const auto cut = read(inet_headings + good + good.substr(0, size));
        CHECK(cut.value.size() == 1);
        CHECK(cut.reading.is_complete() == (size == 0));
    }
    const auto wrong_family = parse_proc_net_tcp(inet_headings + good, AddressFamily::inet6);
    CHECK(wrong_family.value.empty());
    CHECK(wrong_family.reading.status == ReadStatus::partial);
}

TEST_CASE("unix sockets with a name are read") {
    const auto parsed = parse_proc_net_unix(
        unix_headings +
        "0000000000000000: 00000002 00000000 00010000 0001 01 79041 /run/php/php8.2-fpm.sock\n"
        "0000000000000000: 00000003 00000000 00000000 0001 03 79042 /run/php/php8.2-fpm.sock\n"
        "0000000000000000: 00000003 00000000 00000000 0001 03 79043\n"
        "0000000000000000: 00000002 00000000 00010000 0005 01 79044 /run/a  b \n"
        "0000000000000000: 00000002 00000000 00000000 0002 01 79045 @abstract\n"
        "0000000000000000: 00000002 00000000 00000000 0001 01 79046 /run/bound\n");
    CHECK(parsed.reading.is_complete());
    REQUIRE(parsed.value.size() == 4);
    CHECK(parsed.value[0].path == "/run/php/php8.2-fpm.sock");
    CHECK(parsed.value[0].is_listening);
    CHECK(parsed.value[0].inode == 79041);
    CHECK(parsed.value[1].path == "/run/a  b ");
    CHECK(parsed.value[1].type == UnixSocket::Type::seqpacket);
    CHECK(parsed.value[2].path == "@abstract");
    CHECK(parsed.value[2].type == UnixSocket::Type::datagram);
    CHECK_FALSE(parsed.value[3].is_listening);
}

TEST_CASE("a name with a line end in it makes the reading partial") {
    const auto parsed = parse_proc_net_unix(
        unix_headings + "0000000000000000: 00000002 00000000 00010000 0001 01 7 /run/a\nb\n");
    CHECK(parsed.reading.status == ReadStatus::partial);
    CHECK(parsed.value.size() == 1);
}

} // namespace upstream_lint
