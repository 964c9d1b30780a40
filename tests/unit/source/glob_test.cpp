#include "upstream_lint/file_system.hpp"

#include <cerrno>
#include <chrono>
#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

struct GlobCase {
    std::string_view pattern;
    std::vector<std::string> expected;
};

} // namespace

TEST_CASE("glob in a configuration folder") {
    MemoryFileSystem files;
    files.add("/etc/nginx/nginx.conf", "");
    files.add("/etc/nginx/conf.d/b.conf", "");
    files.add("/etc/nginx/conf.d/a.conf", "");
    files.add("/etc/nginx/conf.d/Z.conf", "");
    files.add("/etc/nginx/conf.d/.hidden.conf", "");
    files.add("/etc/nginx/conf.d/a.conf.bak", "");
    files.add("/etc/nginx/sites/x-1/server.conf", "");
    files.add("/etc/nginx/sites/x/server.conf", "");
    files.add("/etc/nginx/odd/[a]", "");
    files.add("/etc/nginx/odd/a*b", "");
    files.add_symlink("/etc/nginx/conf.d/gone.conf", "nowhere");
    files.add_symlink("/etc/nginx/enabled", "sites");

    const GlobCase cases[] = {
        {"/etc/nginx/conf.d/*.conf",
         {"/etc/nginx/conf.d/Z.conf", "/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf",
          "/etc/nginx/conf.d/gone.conf"}},
        {"/etc/nginx/conf.d/.*.conf", {"/etc/nginx/conf.d/.hidden.conf"}},
        {"/etc/nginx/conf.d/[.]hidden.conf", {}},
        {"/etc/nginx/conf.d/?hidden.conf", {}},
        {"/etc/nginx/conf.d/[[:lower:]].conf",
         {"/etc/nginx/conf.d/a.conf", "/etc/nginx/conf.d/b.conf"}},
        {"/etc/nginx/conf.d/[!a].conf", {"/etc/nginx/conf.d/Z.conf", "/etc/nginx/conf.d/b.conf"}},
        {"/etc/nginx/conf.d/{a,b}.conf", {}},
        {"/etc/nginx/*/x*/server.conf",
         {"/etc/nginx/enabled/x-1/server.conf", "/etc/nginx/enabled/x/server.conf",
          "/etc/nginx/sites/x-1/server.conf", "/etc/nginx/sites/x/server.conf"}},
        {"/etc/nginx/sites/*/", {"/etc/nginx/sites/x-1/", "/etc/nginx/sites/x/"}},
        {"/etc//nginx/nginx.con?", {"/etc//nginx/nginx.conf"}},
        {"//etc/ngin*", {"//etc/nginx"}},
        {"//et*", {"/etc"}},
        {"/etc/nginx/odd/[[]a]", {"/etc/nginx/odd/[a]"}},
        {"/etc/nginx/odd/a\\*b", {"/etc/nginx/odd/a*b"}},
        {"/etc/nginx/odd/[a", {}},
        {"/etc/nginx/nginx.conf", {"/etc/nginx/nginx.conf"}},
        {"/etc/nginx/nothing/*", {}},
        {"/etc/nginx/nginx.conf/*", {}},
        {"", {}},
        {std::string_view("/etc/ngin*\0x", 12), {"/etc/nginx"}},
    };
    for (const GlobCase& wanted : cases) {
        CAPTURE(wanted.pattern);
        const Result<std::vector<std::string>> found = glob(files, wanted.pattern);
        REQUIRE(found);
        CHECK(*found == wanted.expected);
    }
}

TEST_CASE("patterns of many stars take no exponential time") {
    MemoryFileSystem files;
    files.add("/d/" + std::string(255, 'a'), "");
    std::string pattern = "/d/";
    for (int i = 0; i < 1000; ++i)
        pattern += "*a";
    const auto start = std::chrono::steady_clock::now();
    CHECK(glob(files, pattern + "b")->empty());
    CHECK(glob(files, "/d/" + std::string(2000, '[') + "*a]")->empty());
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("folders that link to themselves end at the limit") {
    MemoryFileSystem files;
    for (int i = 0; i < 1100; ++i)
        files.add_symlink("/d/" + std::to_string(i), ".");
    const Result<std::vector<std::string>> found = glob(files, "/d/*/*/*/*/*/*/*/*/*/*");
    REQUIRE_FALSE(found);
    CHECK(found.error().code == E2BIG);
    CHECK(found.error().operation == "glob()");
}

TEST_CASE("deep patterns do not recurse") {
    MemoryFileSystem files;
    files.add_directory("/a");
    std::string pattern;
    for (int i = 0; i < 1'000'000; ++i)
        pattern += "/[a]";
    CHECK(glob(files, pattern)->empty());
}

} // namespace upstream_lint
