#include "facts/fpm_file.hpp"

#include <doctest/doctest.h>
#include <string>
#include <utility>
#include <vector>

namespace upstream_lint {

TEST_CASE("pools are read") {
    const FpmFile file = parse_fpm_file("; all of it\n"
                                        "[global]\n"
                                        "listen = ignored\n"
                                        "include=/etc/php/8.2/fpm/pool.d/*.conf\n"
                                        "[www]\r\n"
                                        "user = www-data\n"
                                        "listen = /run/php/$pool.sock ; here\n"
                                        "LISTEN.Owner = 'a'\n"
                                        "listen.group=b\n"
                                        "listen.mode = 0660\n"
                                        "listen.acl_users = c,d\n"
                                        "listen.allowed_clients = 127.0.0.1,::1\n"
                                        "listen.backlog = -1\n"
                                        "pm = dynamic\n"
                                        "pm.max_children = \"5\"\n"
                                        "pm.status_path = /st\n"
                                        "ping.path = /ping\n"
                                        "request_terminate_timeout = 30s\n"
                                        "chroot = /srv\n"
                                        "env[listen] = x\n"
                                        "php_admin_value[error_reporting] = E_ALL & ~E_NOTICE\n"
                                        "[api]\n"
                                        "listen = 9000\n"
                                        "[WWW]\n"
                                        "listen.mode = 0600\n",
                                        "/etc/php/8.2/fpm/php-fpm.conf");
    CHECK(file.problems.empty());
    CHECK(file.includes == std::vector<std::string>{"/etc/php/8.2/fpm/pool.d/*.conf"});
    REQUIRE(file.pools.size() == 2);
    const FpmPool expected{.file = "/etc/php/8.2/fpm/php-fpm.conf",
                           .name = "www",
                           .listen = "/run/php/www.sock",
                           .owner = "a",
                           .group = "b",
                           .mode = "0600",
                           .acl_users = "c,d",
                           .allowed_clients = "127.0.0.1,::1",
                           .backlog = -1,
                           .process_manager = "dynamic",
                           .max_children = 5,
                           .request_terminate_timeout = "30s",
                           .status_path = "/st",
                           .ping_path = "/ping",
                           .user = "www-data",
                           .chroot = "/srv"};
    CHECK(file.pools[0] == expected);
    CHECK(file.pools[1].listen == "9000");
}

// What php-fpm8.2 -tt prints for each of them.
TEST_CASE("values are what php-fpm takes them for") {
    const std::vector<std::pair<std::string, std::string>> values = {
        {R"("/run/php/$pool.sock" ; trailing)", "/run/php/www.sock"},
        {R"('/x;y')", "/x;y"},
        {R"(/a;b)", "/a"},
        {R"(/p#q)", "/p#q"},
        {R"(a"b"c)", "abc"},
        {R"("a\"b \\ c\n")", R"(a"b \ c\n)"},
        {"yes", "1"},
        {"on ; c", "1"},
        {R"("yes")", "yes"},
        {"off", ""},
        {"", ""},
        {"0660", "0660"},
        {"a b  c  ", "a b  c"},
        {"'$pool'", "www"},
        {"x$pools", "xwwws"},
        {"a$b", "a$b"},
        {"[::1]:9000", "[::1]:9000"},
        {R"(a\ b)", R"(a\ b)"},
        {R"("a"  "b")", "ab"},
        {R"('a''b')", "ab"},
        {"a{b}", "a{b}"},
        {R"("a;b")", "a;b"},
        {R"('it\'s')", R"(it\s)"},
        {"a\tb", "a\tb"},
        {R"(a\;b)", R"(a\)"},
        {R"(x"$"y)", "x$y"},
    };
    for (const auto& entry : values) {
        const auto& [text, value] = entry;
        CAPTURE(entry.first);
        const FpmFile file = parse_fpm_file("[www]\nlisten = " + text + "\n", "");
        REQUIRE(file.pools.size() == 1);
        if (text == R"('it\'s')") { // php-fpm drops what a quote that nothing ends begins
            CHECK(file.problems.size() == 1);
            continue;
        }
        CHECK(file.problems.empty());
        CHECK(file.pools[0].listen == value);
    }
}

TEST_CASE("what cannot be read is a problem with its line") {
    const FpmFile file = parse_fpm_file("[www]\n"
                                        "listen = \"open\n"
                                        "user = ${USER}\n"
                                        "pm.max_children = 0x10\n"
                                        "# no comment\n"
                                        "chroot = \"${HOME}/x\"\n"
                                        "listen.backlog = 1|2\n"
                                        "[open\n",
                                        "");
    const std::vector<FpmProblem> expected = {
        {2, "cannot be read"},
        {3, "the value of `user` is computed"},
        {4, "`pm.max_children` needs a number"},
        {5, "cannot be read"},
        {6, "the value of `chroot` is computed"},
        {7, "the value of `listen.backlog` is computed"},
        {8, "cannot be read"},
    };
    CHECK(file.problems == expected);
}

TEST_CASE("settings before any section are none of a pool") {
    const FpmFile file = parse_fpm_file("listen = 9000\n", "");
    CHECK(file.pools.empty());
    CHECK(file.problems.empty());
}

} // namespace upstream_lint
