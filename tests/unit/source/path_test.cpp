#include "source/path.hpp"

#include <cerrno>
#include <doctest/doctest.h>
#include <string>

namespace upstream_lint {
namespace {

struct LexicalCase {
    std::string_view path;
    std::string_view expected;
};

struct ResolveCase {
    std::string path;
    Follow follow;
    int code;
    std::string expected;
};

std::string repeated(std::string_view text, std::size_t times) {
    std::string result;
    for (std::size_t i = 0; i < times; ++i)
        result += text;
    return result;
}

} // namespace

TEST_CASE("lexical paths") {
    const LexicalCase cases[] = {
        {"", "/"},         {"/", "/"},       {"//", "/"},
        {"a", "/a"},       {"/a/", "/a"},    {"/a//b/./c", "/a/b/c"},
        {"/a/../b", "/b"}, {"/../..", "/"},  {"/a/b/..", "/a"},
        {"./a", "/a"},     {"/...", "/..."}, {"/a/../../b/", "/b"},
    };
    for (const LexicalCase& lexical : cases) {
        CAPTURE(lexical.path);
        CHECK(lexical_path(lexical.path) == lexical.expected);
    }
    CHECK(is_at_or_below("/a/b", "/a"));
    CHECK(is_at_or_below("/a", "/a"));
    CHECK(is_at_or_below("/a", "/"));
    CHECK_FALSE(is_at_or_below("/ab", "/a"));
    CHECK_FALSE(is_at_or_below("/", "/a"));
}

TEST_CASE("paths are resolved with the kernel's limits") {
    MemoryFileSystem files;
    files.add("/dir/file", "");
    files.add_symlink("/dir/up", "..");
    files.add_symlink("/abs", "/dir/file");
    files.add_symlink("/slash", "dir/");
    files.add_symlink("/file-slash", "dir/file/");
    files.add_symlink("/empty", "");
    files.add_symlink("/long", std::string(4096, 'x'));
    files.add_symlink("/link0", "dir");
    for (int i = 1; i <= 40; ++i)
        files.add_symlink("/link" + std::to_string(i), "link" + std::to_string(i - 1));

    const ResolveCase cases[] = {
        {"/dir/file", Follow::yes, 0, "/dir/file"},
        {"/abs", Follow::yes, 0, "/dir/file"},
        {"/abs", Follow::no, 0, "/abs"},
        {"/dir/up", Follow::yes, 0, "/"},
        {"/dir/up/dir/./up//abs", Follow::yes, 0, "/dir/file"},
        {"/slash", Follow::no, 0, "/slash"},
        {"/slash/", Follow::no, 0, "/dir"},
        {"/file-slash", Follow::yes, ENOTDIR, ""},
        {"/file-slash", Follow::no, 0, "/file-slash"},
        {"/abs/", Follow::yes, ENOTDIR, ""},
        {"/abs/.", Follow::yes, ENOTDIR, ""},
        {"/empty", Follow::yes, ENOENT, ""},
        {"/long", Follow::yes, ENAMETOOLONG, ""},
        {"/link39", Follow::yes, 0, "/dir"},
        {"/link40", Follow::yes, ELOOP, ""},
        {"/link40", Follow::no, 0, "/link40"},
        {"/" + std::string(255, 'n'), Follow::yes, ENOENT, ""},
        {"/" + std::string(256, 'n'), Follow::yes, ENAMETOOLONG, ""},
        {"/gone/" + std::string(256, 'n'), Follow::yes, ENOENT, ""},
        {repeated("/.", 2047) + "/", Follow::yes, 0, "/"},
        {repeated("/.", 2048), Follow::yes, ENAMETOOLONG, ""},
        {repeated("/dir/..", 500), Follow::yes, 0, "/"},
    };
    for (const ResolveCase& resolve : cases) {
        const Result<std::string> place = resolve_path(files, resolve.path, resolve.follow);
        CAPTURE(resolve.path);
        REQUIRE(place.has_value() == (resolve.code == 0));
        if (place)
            CHECK(*place == resolve.expected);
        else
            CHECK(place.error().code == resolve.code);
    }
}

} // namespace upstream_lint
