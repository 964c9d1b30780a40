#include "host/nginx_title.hpp"

#include <doctest/doctest.h>

namespace upstream_lint::test {

using namespace std::string_view_literals;

TEST_CASE("title: a master has its command line") {
    const auto title =
        read_nginx_title("nginx: master process /usr/sbin/nginx -c /a/b.conf -p /c/\0\0\0"sv);
    REQUIRE(title);
    CHECK(title->role == NginxTitle::Role::master);
    CHECK(title->program == "/usr/sbin/nginx");
    CHECK(title->arguments.configuration == "/a/b.conf");
    CHECK(title->arguments.prefix == "/c/");
    CHECK(title->arguments.global_directives.empty());
}

TEST_CASE("title: values with spaces go on to the next option") {
    const auto title = read_nginx_title(
        "nginx: master process nginx -g daemon on; master_process on; -p /with space/x -c y"sv);
    REQUIRE(title);
    CHECK(title->arguments.global_directives == "daemon on; master_process on;");
    CHECK(title->arguments.prefix == "/with space/x");
    CHECK(title->arguments.configuration == "y");
}

TEST_CASE("title: what the others are") {
    using Role = NginxTitle::Role;
    CHECK(read_nginx_title("nginx: worker process\0"sv)->role == Role::worker);
    CHECK(read_nginx_title("nginx: worker process is shutting down"sv)->role ==
          Role::worker_shutting_down);
    CHECK(read_nginx_title("nginx: cache manager process"sv)->role == Role::other);
    CHECK(read_nginx_title("nginx: master process nginx"sv)->arguments == NginxArguments());
    CHECK_FALSE(read_nginx_title("/usr/sbin/nginx\0-c\0x"sv));
    CHECK_FALSE(read_nginx_title(""sv));
}

TEST_CASE("arguments: as ngx_get_options takes them") {
    CHECK(read_nginx_arguments({"-c/x"}).configuration == "/x");
    CHECK(read_nginx_arguments({"-qc", "/x"}).configuration == "/x");
    CHECK(read_nginx_arguments({"-g", "-c x", "-p", "/p"}).global_directives == "-c x");
    CHECK(read_nginx_arguments({"-g", "-c x", "-p", "/p"}).prefix == "/p");
    CHECK(read_nginx_arguments({"-t", "-c", "/x"}).is_command);
    CHECK(read_nginx_arguments({"-s", "reload"}).is_command);
    CHECK_FALSE(read_nginx_arguments({"-c", "-t"}).is_command);
    CHECK(read_nginx_arguments({"-c"}).configuration == std::nullopt);
    CHECK(command_line_words("nginx\0-c\0a b\0"sv) ==
          std::vector<std::string>{"nginx", "-c", "a b"});
}

} // namespace upstream_lint::test
