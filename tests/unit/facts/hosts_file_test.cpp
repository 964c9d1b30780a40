#include "facts/hosts_file.hpp"

#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace upstream_lint {
namespace {

using Texts = std::vector<std::string>;

} // namespace

TEST_CASE("names of hosts have all their addresses") {
    const auto entries = parse_hosts("127.0.0.1\tlocalhost app # db\n"
                                     "# 10.0.0.1 no\n"
                                     "::1 localhost\n"
                                     "fe80::1%lo0 link\r\n"
                                     "300.0.0.1 wrong\n"
                                     "10.0.0.1");
    REQUIRE(entries.size() == 3);
    CHECK(entries[0].name == "localhost");
    REQUIRE(entries[0].addresses.size() == 2);
    CHECK(address_text(entries[0].addresses[1]) == "::1");
    CHECK(entries[1].name == "app");
    CHECK(entries[2].name == "link");
    CHECK(address_text(entries[2].addresses[0]) == "fe80::1");
}

TEST_CASE("name servers are the first three") {
    const ResolvConf conf = parse_resolv_conf("# nameserver 9.9.9.9\n"
                                              "nameserver 127.0.0.53\n"
                                              "nameserver x\n"
                                              "nameserver fe80::1%eth0\n"
                                              " nameserver 8.8.8.8\n"
                                              "nameserver 1.1.1.1\n"
                                              "nameserver 1.0.0.1\n"
                                              "domain first.example\n"
                                              "search corp.example lab.example\n"
                                              "options edns0 ndots:99\n");
    CHECK(conf.nameservers == Texts{"127.0.0.53", "fe80::1%eth0", "1.1.1.1"});
    CHECK(conf.search == Texts{"corp.example", "lab.example"});
    CHECK(conf.ndots == 15);
    CHECK(parse_resolv_conf("") == ResolvConf{});
}

TEST_CASE("sources of host names are read without actions") {
    CHECK(parse_nsswitch_hosts(
              "passwd: files\nhosts:  files mdns4_minimal [NOTFOUND=return] dns # x\n") ==
          Texts{"files", "mdns4_minimal", "dns"});
    CHECK(parse_nsswitch_hosts("hosts: files [ !UNAVAIL = return dns\n") == Texts{"files"});
    CHECK(parse_nsswitch_hosts("") == Texts{"files", "dns"});
}

} // namespace upstream_lint
